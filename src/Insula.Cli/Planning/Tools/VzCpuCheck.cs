using System.Globalization;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Engine;
using Insula.Engine.Planning;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzcpucheck [-v] [-x]</c>: CPU units promised beside what the host's processors are worth.</summary>
internal sealed class VzCpuCheck : PlanningTool
{
    private static readonly Option Verbose = new("verbose", "Show the host and each running container") { Letter = 'v' };

    private static readonly Option Xml = new("xml", "Show XML, with each of them") { Letter = 'x' };

    public override string Name => "vzcpucheck";

    public override string Summary => "show the CPU units that have been promised and the power of the host";

    public override IReadOnlyList<string> Synopsis => ["vzcpucheck [-v] [-x|--json]"];

    public override IReadOnlyList<string> Description =>
    [
        "Adds up the CPUUNITS of the host and of all running containers, and shows what the host's processors are worth: 25 units for each bogomips of /proc/cpuinfo.",
        "While less has been promised than there is, each of them gets more than its units stand for; they share what is left in the same proportion.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Verbose, Xml];

    public override int Run(PlanningCall call)
    {
        if (call.Arguments.Has(Xml) && call.IsJson)
            throw new InsulaException(ExitCode.BadSyntax, "Only one of -x and --json can be given", "See vzcpucheck --help");
        var commitment = CpuCommitment.Of(call.Host.Resources(), call.Host.Engines.ReadCpuNodes(call.Global));
        if (call.IsJson)
        {
            PlanningJson.Write(call.Output, new CpuCheckJson(
                commitment.Utilization,
                commitment.Power,
                commitment.IsOvercommitted,
                [.. commitment.Nodes.Select(node => new CpuNodeJson(node.Ctid.Value, node.Units))]));
            return 0;
        }
        if (call.Arguments.Has(Xml))
        {
            CpuCheckXml.Write(call.Output, commitment);
            return 0;
        }
        if (call.Arguments.Has(Verbose))
        {
            call.Output.WriteLine($"{"VEID",-10} {"CPUUNITS",10}");
            call.Output.WriteLine(new string('-', 21));
            foreach (var node in commitment.Nodes)
                call.Output.WriteLine($"{node.Ctid,-10} {node.Units,10}");
        }
        call.Output.WriteLine($"Current CPU utilization: {commitment.Utilization}");
        call.Output.WriteLine($"Power of the node: {commitment.Power.ToString("0.##", CultureInfo.InvariantCulture)}");
        if (commitment.IsOvercommitted)
            call.Output.WriteLine("Warning: more CPU units have been promised than this node has; everyone gets less than its units stand for when all are busy");
        return 0;
    }
}
