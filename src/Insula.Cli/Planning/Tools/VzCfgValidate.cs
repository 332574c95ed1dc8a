using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Cli.Planning.Json;
using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Planning.Validation;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzcfgvalidate [-r|-i] [-v yes|no] FILE</c>: whether the bounds of a configuration fit together.</summary>
internal sealed class VzCfgValidate : PlanningTool
{
    private const int Invalid = 2;

    private static readonly Option Repair = new("repair", "Make right what is wrong, and save the file") { Letter = 'r' };
    private static readonly Option Interactive = new("interactive", "Ask for each thing that is wrong whether to make it right") { Letter = 'i' };
    private static readonly Option Vswap = PlanningOptions.Vswap("Take the file for a vswap configuration or not, instead of finding out by the limit of physpages");

    public override string Name => "vzcfgvalidate";

    public override string Summary => "check and repair the resources in a configuration file";

    public override IReadOnlyList<string> Synopsis => ["vzcfgvalidate [-r|-i] [-v yes|no] [--json] FILE"];

    public override IReadOnlyList<string> Description =>
    [
        "Checks whether the beancounters in a container's configuration, or in a sample, fit together. An error makes programs fail at odd moments, a warning makes a resource of little use; with either the file is invalid. A recommendation does not count.",
        "Repairing keeps comments, order and everything else in the file. It takes nothing away: bounds are raised until they fit, except those that have no meaning and must be 0 or unlimited. Recommendations are followed only if asked for (-i). A container that runs keeps its bounds until it is started again or the file is applied with vzctl set --reset_ub.",
        "What vz.conf says for all containers counts where the file says nothing.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Repair, Interactive, Vswap];

    public override int OperandCount => 1;

    public override OperandKind Operand => OperandKind.File;

    public override IReadOnlyList<(string Code, string Meaning)> ExitStatus =>
        [("0", "The file is valid, or is now."), ("1", "It could not be checked, or not be saved."), ("2", "The file is invalid.")];

    public override bool NeedsRoot(ParsedArguments arguments) => false;

    public override int Run(PlanningCall call)
    {
        var (repair, interactive) = (call.Arguments.Has(Repair), call.Arguments.Has(Interactive));
        if (interactive && (repair || call.IsJson))
            throw new InsulaException(ExitCode.BadSyntax, $"-i goes with neither -r nor --json", $"See {Name} --help");
        var vswap = PlanningOptions.YesNo(call.Arguments, Vswap);
        var path = call.Arguments.Operands[0];
        var global = call.GlobalIfAny;
        var owner = global is null ? null : new ContainerStore(global).OwnerOf(path);
        using var held = (repair || interactive) && owner is { } ctid ? ContainerLock.Take(global!.Layout, ctid, "repairing its configuration") : null;
        var file = ConfigFile.Load(path);
        var config = new ContainerConfig(owner ?? Ctid.Host, file, global?.File);
        var validation = new ConfigValidation(config, call.Host.Resources()) { Vswap = vswap };
        using var answers = interactive ? call.Host.Input() : TextReader.Null;
        var result = validation.Run(finding => Tell(call, finding) && (repair ? IsWorthRepairing(finding) : interactive && Ask(call, finding, answers)));
        if (result.Repaired.Count > 0)
            file.Save(path);
        if (call.IsJson)
            PlanningJson.Write(call.Output, ValidationJson.From(path, result));
        else if (result.IsValid)
            call.Output.WriteLine("Validation completed: success");
        return result.IsValid ? 0 : Invalid;
    }

    // Always true: whether to repair is the next question.
    private static bool Tell(PlanningCall call, Finding finding)
    {
        if (!call.IsJson)
            call.Host.Error.WriteLine(PlainText.OneLine(finding.ToString()));
        return true;
    }

    private static bool IsWorthRepairing(Finding finding) => finding.Severity != FindingSeverity.Recommendation;

    private static bool Ask(PlanningCall call, Finding finding, TextReader answers)
    {
        if (finding.Repair is not { } repair)
            return false;
        call.Output.Write($"Set {repair.Parameter.Key} to {repair.Value}? (y/n) ");
        call.Output.Flush();
        var answer = answers.ReadLine()?.Trim();
        return answer is "y" or "Y" or "yes";
    }
}
