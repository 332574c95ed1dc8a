using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>Makes <see cref="MemoryFigures"/> from a group's limits and its memory.stat.</summary>
internal static class MemoryReader
{
    /// <summary>A container's memory. Without a memory controller, the host's.</summary>
    /// <param name="memory">The group's memory control, or null.</param>
    /// <param name="host">The host's own figures, which bound the container's.</param>
    public static MemoryFigures Read(MemoryControl? memory, MemoryFigures host)
    {
        if (memory is null)
            return host;
        var usage = memory.ReadUsage();
        var stat = memory.ReadStatistics();
        return FromStatistics(stat, host) with
        {
            Total = Bounded(memory.Max, host.Total),
            Used = usage.Current,
            OomKills = usage.OomKills,
            // Without a bound of its own, and where the kernel accounts no swap, a container shares the host's.
            SwapTotal = memory.SwapMax is { } swap ? Bounded(swap, host.SwapTotal) : host.SwapTotal,
            SwapUsed = usage.SwapCurrent ?? 0,
        };
    }

    private static long Bounded(CgroupLimit limit, long host) => limit.IsUnlimited ? host : Math.Min(limit.Value, host);

    private static MemoryFigures FromStatistics(MemoryStatistics stat, MemoryFigures host) => new()
    {
        Total = host.Total,
        Used = 0,
        SwapTotal = 0,
        SwapUsed = 0,
        Cache = stat.File,
        ActiveFile = stat.ActiveFile,
        InactiveFile = stat.InactiveFile,
        ActiveAnonymous = stat.ActiveAnonymous,
        InactiveAnonymous = stat.InactiveAnonymous,
        Unevictable = stat.Unevictable,
        Anonymous = stat.Anonymous,
        HugeAnonymous = stat.HugeAnonymous,
        Mapped = stat.Mapped,
        Shared = stat.Shared,
        Dirty = stat.Dirty,
        Writeback = stat.Writeback,
        ReclaimableSlab = stat.ReclaimableSlab,
        UnreclaimableSlab = stat.UnreclaimableSlab,
        KernelStacks = stat.KernelStacks,
        PageTables = stat.PageTables,
        Faults = stat.Faults,
        MajorFaults = stat.MajorFaults,
    };
}
