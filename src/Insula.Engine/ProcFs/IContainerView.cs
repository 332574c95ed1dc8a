using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>
/// A running container, as its own /proc is to show it. Figures are read when they are asked for, each time again: who needs one twice keeps it.
/// </summary>
public interface IContainerView
{
    /// <summary>The container.</summary>
    Ctid Ctid { get; }

    /// <summary>Its memory.</summary>
    MemoryFigures Memory { get; }

    /// <summary>The processors it may use, by the host's numbers: what sched_getaffinity(2) says in it.</summary>
    CpuSet Processors { get; }

    /// <summary>Time since its init started, in hundredths of a second.</summary>
    long Uptime { get; }

    /// <summary>When it started, in seconds since 1970.</summary>
    long StartedAt { get; }

    /// <summary>Processor time it has used, idle time included; never less than what was given before.</summary>
    ProcessorTicks Ticks { get; }

    /// <summary>Its load averages over 1, 5 and 15 minutes, in hundredths.</summary>
    (long One, long Five, long Fifteen) Load { get; }

    /// <summary>Its processes and threads.</summary>
    long Tasks { get; }

    /// <summary>How many it may have.</summary>
    CgroupLimit TaskLimit { get; }

    /// <summary>What it has done on each block device.</summary>
    IReadOnlyList<DeviceUse> Disks { get; }

    /// <summary>Its addresses, as they are configured.</summary>
    IReadOnlyList<string> Addresses { get; }

    /// <summary>Its beancounters; null if it has just stopped.</summary>
    Beancounter? Beancounters { get; }

    /// <summary>A file of the host, as it is now; null if there is none.</summary>
    string? HostFile(string path);

    /// <summary>A file of its cgroup in the v2 hierarchy; null if there is none.</summary>
    string? UnifiedFile(string name);
}
