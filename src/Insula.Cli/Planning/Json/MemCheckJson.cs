using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzmemcheck --json</c> shows, in percent of the host, or in MiB.</summary>
internal sealed record MemCheckJson(string Unit, IReadOnlyList<MemCheckRowJson> Containers, MemCheckRowJson Summary, MemCheckRowJson? Capacity);

/// <summary>A line of vzmemcheck.</summary>
internal sealed record MemCheckRowJson(
    int? Ctid,
    double LowMemUtil,
    double LowMemCommit,
    double RamUtil,
    double MemSwapUtil,
    double MemSwapCommit,
    double AllocUtil,
    double AllocCommit,
    double AllocLimit)
{
    /// <summary>From numbers as they are shown.</summary>
    public static MemCheckRowJson From(int? ctid, MemoryDemand shown)
    {
        var columns = shown.Columns.Select(value => Math.Round(value, 4)).ToList();
        return new MemCheckRowJson(ctid, columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], columns[7]);
    }
}
