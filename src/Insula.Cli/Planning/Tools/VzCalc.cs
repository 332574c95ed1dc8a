using System.Globalization;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Engine;
using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzcalc [-v] CTID</c>: how much of the host one container takes.</summary>
internal sealed class VzCalc : PlanningTool
{
    private static readonly Option Verbose = new("verbose", "Show each kind of memory, and processes") { Letter = 'v' };

    public override string Name => "vzcalc";

    public override string Summary => "calculate how much of the host a container takes";

    public override IReadOnlyList<string> Synopsis => ["vzcalc [-v] [--json] CTID|NAME"];

    public override IReadOnlyList<string> Description =>
    [
        "Shows in percent of what the host has how much a container uses now, how much has been promised to it and how much it can take at most. Above 100 the host is overloaded, or has been promised away.",
        "Memory is the largest of the kinds of memory. n/a: it does not run, or there is no such number. inf: nothing bounds it; a container with memory and swap only (vswap) is bounded by those, see vzoversell(8).",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Verbose];

    public override int OperandCount => 1;

    public override OperandKind Operand => OperandKind.Container;

    public override int Run(PlanningCall call)
    {
        var store = call.Store;
        var ctid = store.Find(call.Arguments.Operands[0]);
        if (ctid.IsHost)
            throw new InsulaException(ExitCode.BadValue, "CT 0 is the host itself");
        var config = store.Load(ctid);
        var running = call.Host.Engines.OpenBeancounters(call.Global).Read(ctid);
        var shares = ContainerShares.Of(running ?? ConfiguredBeancounter.Of(config), running is not null, call.Host.Resources());
        if (call.IsJson)
        {
            PlanningJson.Write(call.Output, SharesJson.From(ctid.Value, running is not null, shares));
            return 0;
        }
        call.Output.WriteLine("Resource     Current(%)  Promised(%)  Max(%)");
        if (call.Arguments.Has(Verbose))
        {
            WriteLine(call.Output, "Low Mem", shares.LowMemory);
            WriteLine(call.Output, "Total RAM", shares.Ram);
            WriteLine(call.Output, "Mem + Swap", shares.MemoryAndSwap);
            WriteLine(call.Output, "Alloc. Mem", shares.Allocated);
            WriteLine(call.Output, "Num. Proc", shares.Processes);
            call.Output.WriteLine(new string('-', 47));
        }
        WriteLine(call.Output, "Memory", shares.Memory);
        return 0;
    }

    private static void WriteLine(TextWriter output, string name, ShareOfHost share)
        => output.WriteLine($"{name,-13}{Text(share.Current),10}   {Text(share.Promised),10} {Text(share.Most),10}");

    private static string Text(double? fraction) => fraction switch
    {
        null => "n/a",
        double.PositiveInfinity => "inf",
        var value => (value.Value * 100).ToString("F2", CultureInfo.InvariantCulture),
    };
}
