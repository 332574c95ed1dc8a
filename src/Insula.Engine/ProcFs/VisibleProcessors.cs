using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>Which processors a container sees: as many as its limit on processor time fills, rounded up.</summary>
public static class VisibleProcessors
{
    private const int WholeProcessor = 100;

    /// <summary>The lowest of <paramref name="allowed"/>, as many as the limit fills.</summary>
    /// <param name="allowed">Those it may run on.</param>
    /// <param name="limitPercent">Its limit in percent of one processor; 0: none.</param>
    public static CpuSet Of(CpuSet allowed, int limitPercent)
        => CountOf(limitPercent) is { } count && count < allowed.Count ? CpuSet.Of(allowed.Members.Take(count)) : allowed;

    /// <summary>How many processors a limit fills; null if there is none.</summary>
    public static int? CountOf(int limitPercent) => limitPercent <= 0 ? null : (limitPercent + WholeProcessor - 1) / WholeProcessor;
}
