using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>All that decides how a container's first process starts; nothing in it is read from a file later.</summary>
public sealed record InitSettings
{
    /// <summary>VE_ROOT on the host, mounted.</summary>
    public required string Root { get; init; }

    /// <summary>A detached copy of what is mounted at <see cref="Root"/>, id-mapped for the container; null: the mount itself is right.</summary>
    public FileDescriptor? RootTree { get; init; }

    /// <summary>True to stop once more when everything is ready but init: for the container's start script.</summary>
    public bool StopBeforeInit { get; init; }

    /// <summary>What uname(2) says inside.</summary>
    public required string HostName { get; init; }

    /// <summary>The bounding set: what something in the container can ever have.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>The highest capability number this kernel knows.</summary>
    public required int LastCapability { get; init; }

    /// <summary>The system call filter.</summary>
    public required SeccompProgram SystemCallFilter { get; init; }

    /// <summary>True if the filter asks: it gets a listener, which the host takes before the program runs.</summary>
    public bool HasListener { get; init; }

    /// <summary>True if a cgroup v2 hierarchy exists on the host: the container then sees its part of it at /sys/fs/cgroup.</summary>
    public required bool HasCgroup2 { get; init; }

    /// <summary>Device nodes to show in /dev beside the standard ones: the name there ("net/tun") and a detached mount of the node.</summary>
    public IReadOnlyList<(string Name, FileDescriptor Node)> DeviceNodes { get; init; } = [];

    /// <summary>
    /// True if init is systemd, which finds what does not fit a container masked in /run/systemd/system. Without systemd that directory must
    /// not be there: it is how scripts tell whether systemd runs (sd_booted(3)), and those of sysvinit would wait for it for ever.
    /// </summary>
    public bool IsSystemd { get; init; }

    /// <summary>Pseudo-terminals the container may have open at once (devpts max=).</summary>
    public int MaxTerminals { get; init; } = 1 << 20;

    /// <summary>size= of the tmpfs at /dev/shm.</summary>
    public string SharedMemorySize { get; init; } = "50%";

    /// <summary>Limits of the first process, which everything in the container inherits.</summary>
    public IReadOnlyList<(ProcessLimit Limit, LimitPair Pair)> Limits { get; init; } = [];

    /// <summary>The slave of the console's terminal, or null: /dev/console is then a copy of /dev/null.</summary>
    public FileDescriptor? Console { get; init; }

    /// <summary>The process waits before its first step until the host counts what it holds (<see cref="InitPlan.Counted"/>).</summary>
    public bool IsCounted { get; init; }

    /// <summary>Also a time namespace of its own: the clocks that count since boot start with the container (time_namespaces(7)).</summary>
    public bool TimeNamespace { get; init; }

    /// <summary>Where insulad serves this container's virtual files on the host (RUNDIR/proc/CTID); null if it does not.</summary>
    public string? VirtualFiles { get; init; }

    /// <summary>A detached mount of the file system that keeps quotas of users, to be seen at /run/<see cref="Quotas.QuotaView.Name"/>; null: there are none.</summary>
    public FileDescriptor? Quota { get; init; }

    /// <summary>The programs to try as PID 1, with their arguments.</summary>
    public IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> Programs { get; init; } = StandardInit;

    /// <summary>Where PID 1 reads from and writes to; null for /dev/null.</summary>
    public (FileDescriptor Input, FileDescriptor Output, FileDescriptor Error)? Streams { get; init; }

    /// <summary>PID 1's environment.</summary>
    public IReadOnlyList<string> Environment { get; init; } = StandardEnvironment;

    /// <summary>Where an init is looked for, in vzctl's order.</summary>
    public static IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> StandardInit { get; } =
    [
        ("/sbin/init", ["init"]),
        ("/etc/init", ["init"]),
        ("/bin/init", ["init"]),
    ];

    /// <summary>systemd reads "container" and so knows that it is not on bare metal (systemd.io/CONTAINER_INTERFACE).</summary>
    public static IReadOnlyList<string> StandardEnvironment { get; } =
    [
        "HOME=/",
        "TERM=linux",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "container=insula",
    ];
}
