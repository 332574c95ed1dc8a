using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzcalc --json</c> shows, in percent of the host.</summary>
internal sealed record SharesJson(int Ctid, bool Running, ShareJson Memory, ShareJson LowMem, ShareJson TotalRam, ShareJson MemSwap, ShareJson AllocMem, ShareJson NumProc)
{
    /// <summary>From what the engine says.</summary>
    public static SharesJson From(int ctid, bool running, ContainerShares shares) => new(
        ctid,
        running,
        ShareJson.From(shares.Memory),
        ShareJson.From(shares.LowMemory),
        ShareJson.From(shares.Ram),
        ShareJson.From(shares.MemoryAndSwap),
        ShareJson.From(shares.Allocated),
        ShareJson.From(shares.Processes));
}

/// <summary>One line of vzcalc.</summary>
internal sealed record ShareJson(double? Current, double? Promised, double? Max)
{
    /// <summary>From what the engine says.</summary>
    public static ShareJson From(ShareOfHost share)
        => new(PlanningJson.Percent(share.Current), PlanningJson.Percent(share.Promised), PlanningJson.Percent(share.Most));
}
