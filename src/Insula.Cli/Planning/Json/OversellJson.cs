using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzoversell --json</c> shows: bytes, and what has been sold in percent of the host.</summary>
internal sealed record OversellJson(IReadOnlyList<OversellRowJson> Containers, OversellRowJson Total, OversellHostJson Host, OversellPercentJson Sold)
{
    /// <summary>From what the engine says.</summary>
    public static OversellJson From(Oversell oversell) => new(
        [.. oversell.Rows.Select(row => new OversellRowJson(row.Ctid.Value, UseJson.From(row.Ram), UseJson.From(row.Swap), row.Flags))],
        new OversellRowJson(null, UseJson.From(oversell.Ram), UseJson.From(oversell.Swap), null),
        new OversellHostJson(oversell.Host.Memory, oversell.Host.Swap),
        new OversellPercentJson(
            PlanningJson.Percent(oversell.RamFraction), PlanningJson.Percent(oversell.SwapFraction), PlanningJson.Percent(oversell.TotalFraction)));
}

/// <summary>A line of vzoversell.</summary>
internal sealed record OversellRowJson(int? Ctid, UseJson Ram, UseJson Swap, string? Flags);

/// <summary>Use of RAM or swap, in bytes.</summary>
internal sealed record UseJson(long Used, long Peak, long Limit, long Fails)
{
    /// <summary>From what the engine says.</summary>
    public static UseJson From(MemoryUse use) => new(use.Used, use.Peak, use.Limit, use.Fails);
}

/// <summary>The host's RAM and swap, in bytes.</summary>
internal sealed record OversellHostJson(long Ram, long Swap);

/// <summary>What has been sold, in percent.</summary>
internal sealed record OversellPercentJson(double? Ram, double? Swap, double? RamAndSwap);
