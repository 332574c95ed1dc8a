using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Tests.ProcFs;

/// <summary>A container whose figures a test has chosen.</summary>
internal sealed class FixedView : IContainerView
{
    public Dictionary<string, string> HostFiles { get; } = [];

    public Dictionary<string, string> UnifiedFiles { get; } = [];

    public Ctid Ctid { get; init; } = new(101);

    public MemoryFigures Memory { get; set; } = new() { Total = 256L << 20, Used = 56L << 20, SwapTotal = 0, SwapUsed = 0 };

    public CpuSet Processors { get; set; } = CpuSet.Range(0, 1);

    public long Uptime { get; set; } = 12345;

    public long StartedAt { get; init; } = 1_700_000_000;

    public CpuTimes? Times { get; set; }

    public ProcessorTicks Ticks => ProcessorTicks.Of(Processors, Times, Uptime);

    public (long One, long Five, long Fifteen) Load { get; init; } = (5, 105, 1);

    public long Tasks { get; init; } = 7;

    public CgroupLimit TaskLimit { get; init; } = CgroupLimit.Unlimited;

    public IReadOnlyList<DeviceUse> Disks { get; init; } = [];

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public Beancounter? Beancounters { get; init; }

    public string? HostFile(string path) => HostFiles.GetValueOrDefault(path);

    public string? UnifiedFile(string name) => UnifiedFiles.GetValueOrDefault(name);
}
