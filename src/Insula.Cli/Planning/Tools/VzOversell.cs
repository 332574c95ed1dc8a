using System.Globalization;
using System.Text;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Cli.VzUbc;
using Insula.Engine;
using Insula.Engine.Beancounters;
using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzoversell [FILE]</c>: RAM and swap sold to the running containers beside what the host has.</summary>
internal sealed class VzOversell : PlanningTool
{
    private const string Nothing = "-";
    private const int LargestFile = 64 << 20;

    public override string Name => "vzoversell";

    public override string Summary => "show RAM and swap sold to the running containers";

    public override IReadOnlyList<string> Synopsis => ["vzoversell [--json] [FILE]"];

    public override IReadOnlyList<string> Description =>
    [
        "Shows for each running container what it uses of RAM and swap, the most it has used, its limit and how often it ran into it, then the sums beside what the host has. More RAM may be sold than there is, as long as the sum of RAM and swap sold is at most what the host has of both: then what has been sold can be had.",
        "Flags: f it ran into the limit of its RAM and was made to give some back, which is no failure; u without a limit, not in the sum; g by beancounters without a limit on RAM, for which half of privvmpages is taken as its RAM and half as its swap.",
        "FILE is a copy of /proc/bc/resources or /proc/user_beancounters, of another host perhaps, - for standard input; what is sold is then compared with this host.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [];

    public override int MaximumOperands => 1;

    public override OperandKind Operand => OperandKind.File;

    public override bool NeedsRoot(ParsedArguments arguments) => arguments.Operands.Count == 0;

    public override int Run(PlanningCall call)
    {
        var accounts = call.Arguments.Operands is [var file] ? ReadFile(call, file) : call.Host.Engines.OpenBeancounters(call.Global).ReadAll();
        var rows = accounts.Where(account => !account.Ctid.IsHost).OrderBy(account => account.Ctid)
            .Select(OversellRow.Of);
        var oversell = new Oversell([.. rows], call.Host.Resources());
        if (call.IsJson)
            PlanningJson.Write(call.Output, OversellJson.From(oversell));
        else
            WriteTable(call.Output, oversell);
        return 0;
    }

    private static IReadOnlyList<Beancounter> ReadFile(PlanningCall call, string file)
    {
        if (file == "-")
        {
            using var input = call.Host.Input();
            return BeancounterFileParser.Parse(input.ReadToEnd(), "standard input");
        }
        // Files of /proc have no length; others must not be taken whole into memory whatever they are.
        if (new FileInfo(file).Length > LargestFile)
            throw new InsulaException(ExitCode.InvalidConfig, $"{file} is larger than {LargestFile} bytes and holds no beancounters");
        return BeancounterFileParser.Parse(File.ReadAllText(file, Encoding.Latin1), file);
    }

    private static void WriteTable(TextWriter output, Oversell oversell)
    {
        output.WriteLine($"{"",10} --------- RAM --------- -------- Swap --------- Flags");
        output.WriteLine($"{"CTID",10} {Columns("used", "peak", "limit", "fails")} {Columns("used", "peak", "limit", "fails")}");
        foreach (var row in oversell.Rows)
            output.WriteLine($"{row.Ctid,10} {Of(row.Ram)} {Of(row.Swap)} {row.Flags}");
        output.WriteLine(new string('-', 64));
        output.WriteLine($"{"TOTAL",10} {Of(oversell.Ram)} {Of(oversell.Swap)}");
        output.WriteLine($"{"HOST",10} {Columns("", "", ShortNumber.Of(oversell.Host.Memory), "")} {Columns("", "", ShortNumber.Of(oversell.Host.Swap), "")}".TrimEnd());
        output.WriteLine($"{"OVERSELL",10} {Columns("", "", Percent(oversell.RamFraction), "")} {Columns("", "", Percent(oversell.SwapFraction), "")}".TrimEnd());
        output.WriteLine();
        output.WriteLine($"RAM and swap sold: {Percent(oversell.TotalFraction)} of what the host has");
    }

    private static string Of(MemoryUse use)
        => Columns(ShortNumber.Of(use.Used), ShortNumber.Of(use.Peak), ShortNumber.Of(use.Limit), ShortNumber.Of(use.Fails));

    private static string Columns(string one, string two, string three, string four) => $"{one,5} {two,5} {three,5} {four,5}";

    private static string Percent(double? fraction)
        => fraction is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:F0}%") : Nothing;
}
