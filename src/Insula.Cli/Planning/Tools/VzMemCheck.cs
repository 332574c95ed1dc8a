using System.Globalization;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzmemcheck [-v] [-A]</c>: memory of all running containers beside what the host has.</summary>
internal sealed class VzMemCheck : PlanningTool
{
    private const double MiB = 1 << 20;

    private static readonly Option Verbose = new("verbose", "Show a line for each container") { Letter = 'v' };
    private static readonly Option Absolute = new("absolute", "Show megabytes, and what the host has below") { Letter = 'A' };

    public override string Name => "vzmemcheck";

    public override string Summary => "show what the running containers use of the host's memory and have been promised";

    public override IReadOnlyList<string> Synopsis => ["vzmemcheck [-v] [-A] [--json]"];

    public override IReadOnlyList<string> Description =>
    [
        "Shows for each way in which memory can run short how much the running containers use (util), how much has been promised to them (commit) and how much they can ask for (limit): low memory, which the kernel itself uses; RAM; RAM and swap; memory asked for, touched or not.",
        "A host is healthy while utilisation is at most 100 %. While commitment is at most 100 % what has been promised can be kept.",
        "inf: nothing bounds it. For containers with memory and swap only (vswap) vzoversell(8) says more.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Verbose, Absolute];

    public override int Run(PlanningCall call)
    {
        var absolute = call.Arguments.Has(Absolute);
        var capacity = MemoryDemand.CapacityOf(call.Host.Resources());
        var rows = new List<(int Ctid, MemoryDemand Demand)>();
        foreach (var account in call.Host.Engines.OpenBeancounters(call.Global).ReadAll())
        {
            if (!account.Ctid.IsHost)
                rows.Add((account.Ctid.Value, MemoryDemand.Of(account)));
        }
        var sum = rows.Aggregate(default(MemoryDemand), (all, row) => all.Plus(row.Demand));
        var unit = absolute ? OneOf(MiB) : capacity.DividedBy(OneOf(100));
        if (call.IsJson)
        {
            PlanningJson.Write(call.Output, new MemCheckJson(
                absolute ? "MiB" : "percent",
                [.. rows.Select(row => MemCheckRowJson.From(row.Ctid, row.Demand.DividedBy(unit)))],
                MemCheckRowJson.From(null, sum.DividedBy(unit)),
                absolute ? MemCheckRowJson.From(null, capacity.DividedBy(unit)) : null));
            return 0;
        }
        var verbose = call.Arguments.Has(Verbose);
        WriteHeader(call.Output, absolute, verbose);
        foreach (var (ctid, demand) in verbose ? rows : [])
            WriteRow(call.Output, ctid.ToString(CultureInfo.InvariantCulture), demand.DividedBy(unit), verbose);
        if (verbose)
            call.Output.WriteLine(new string('-', 74));
        WriteRow(call.Output, "Summary:", sum.DividedBy(unit), verbose);
        if (absolute)
            WriteRow(call.Output, "Capacity:", capacity.DividedBy(unit), verbose);
        return 0;
    }

    private static MemoryDemand OneOf(double value) => new(value, value, value, value, value, value, value, value);

    private static void WriteHeader(TextWriter output, bool absolute, bool verbose)
    {
        string[] above = ["LowMem", "LowMem", "RAM", "MemSwap", "MemSwap", "Alloc", "Alloc", "Alloc"];
        string[] below = ["util", "commit", "util", "util", "commit", "util", "commit", "limit"];
        output.WriteLine(absolute ? "Output values in Mbytes" : "Output values in %");
        WriteColumns(output, verbose ? "CTID" : null, above);
        WriteColumns(output, verbose ? "" : null, below);
    }

    private static void WriteRow(TextWriter output, string name, MemoryDemand shown, bool verbose)
        => WriteColumns(output, verbose ? name : null, shown.Columns.Select(Text));

    private static void WriteColumns(TextWriter output, string? name, IEnumerable<string> columns)
    {
        var line = string.Join(' ', columns.Select(column => $"{column,7}"));
        output.WriteLine(name is null ? line : $"{name,-10} {line}");
    }

    private static string Text(double value) => double.IsInfinity(value) ? "inf" : value.ToString("F2", CultureInfo.InvariantCulture);
}
