using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Planning.Scaling;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzcfgscale [-o FILE] [-a|-c|-d|-u|-n K] [-r] [-v] FILE</c>: multiplies the resources in a configuration.</summary>
internal sealed class VzCfgScale : PlanningTool
{
    private static readonly Option Target = new("output", "Write there and leave FILE as it is") { Letter = 'o', Argument = "FILE" };
    private static readonly Option All = new("all", "Multiply all of them") { Letter = 'a', Argument = "K" };
    private static readonly Option Cpu = new("cpu", "Multiply CPUUNITS; they end at 500000") { Letter = 'c', Argument = "K" };
    private static readonly Option Disk = new("disk", "Multiply DISKSPACE and DISKINODES") { Letter = 'd', Argument = "K" };
    private static readonly Option Beancounters = new("ubc", "Multiply the beancounters, memory and swap among them") { Letter = 'u', Argument = "K" };
    private static readonly Option Network = new("network", "Multiply RATE") { Letter = 'n', Argument = "K" };
    private static readonly Option Remove = new("remove", "Leave out what belongs to one container: name, host name, addresses, name servers, template, directories, ids") { Letter = 'r' };
    private static readonly Option Verbose = new("verbose", "Show each value that changes") { Letter = 'v' };

    public override string Name => "vzcfgscale";

    public override string Summary => "multiply the resources in a configuration file";

    public override IReadOnlyList<string> Synopsis => ["vzcfgscale [-o FILE] [-a K] [-c K] [-d K] [-u K] [-n K] [-r] [-v] [--json] FILE"];

    public override IReadOnlyList<string> Description =>
    [
        "Multiplies resources in a container's configuration, or in a sample, by factors such as 2 or 0.5. Unlimited stays unlimited. A factor for one group counts more than that of -a.",
        "The file that is written over is kept beside it with .bak at its end. If FILE is the configuration of a container, what has changed is put into force first if it runs, and saved if that succeeds, as vzctl set --save does.",
        "Check the result with vzcfgvalidate(8): rules between resources may not hold for all factors.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Target, All, Cpu, Disk, Beancounters, Network, Remove, Verbose];

    public override int OperandCount => 1;

    public override OperandKind Operand => OperandKind.File;

    public override bool NeedsRoot(ParsedArguments arguments) => false;

    public override int Run(PlanningCall call)
    {
        var factors = Factors(call.Arguments);
        var remove = call.Arguments.Has(Remove);
        if (factors is { Cpu: null, Disk: null, Beancounters: null, Network: null } && !remove)
            throw new InsulaException(ExitCode.BadSyntax, "Nothing to do: no factor is given", $"See {Name} --help");
        var source = call.Arguments.Operands[0];
        var target = call.Arguments.ValueOf(Target) ?? source;
        var global = call.GlobalIfAny;
        if (global is not null && new ContainerStore(global).OwnerOf(target) is { } owner)
        {
            if (Path.GetFullPath(source) != Path.GetFullPath(target))
                throw new InsulaException(ExitCode.BadSyntax, $"{target} is the configuration of CT {owner}", "Apply a sample to a container with vzctl set --applyconfig");
            if (remove)
                throw new InsulaException(ExitCode.BadSyntax, $"-r would take from CT {owner} what it needs", "Name the file of the sample with -o");
            return ScaleContainer(call, owner, factors);
        }
        var file = ConfigFile.Load(source);
        var config = new ContainerConfig(Ctid.Host, file, global: null);
        var changed = ConfigScaling.Scale(config, factors);
        if (remove)
            ConfigScaling.RemoveOwn(config);
        var backup = KeepOld(target);
        file.Save(target);
        return Show(call, target, backup, changed);
    }

    private static ScaleFactors Factors(ParsedArguments arguments)
    {
        var all = PlanningOptions.Factor(arguments, All);
        return new ScaleFactors(
            PlanningOptions.Factor(arguments, Cpu) ?? all,
            PlanningOptions.Factor(arguments, Disk) ?? all,
            PlanningOptions.Factor(arguments, Beancounters) ?? all,
            PlanningOptions.Factor(arguments, Network) ?? all);
    }

    private static int ScaleContainer(PlanningCall call, Ctid ctid, ScaleFactors factors)
    {
        var store = call.Store;
        var path = store.ConfigPath(ctid);
        var engine = call.Host.Engines.OpenEngine(call.Global, call.Reporter, new EngineOptions(SkipLock: false, CancellationToken.None));
        var changed = ConfigScaling.Scale(store.Load(ctid), factors);
        var options = new List<OptionValue>();
        foreach (var value in changed)
        {
            if (ParameterCatalog.All.FirstOrDefault(parameter => parameter.Key == value.Key) is { } parameter)
                options.Add(new OptionValue(parameter.Options[0].Name, value.After));
        }
        var backup = changed.Count > 0 ? KeepOld(path) : null;
        if (options.Count > 0)
            engine.Set(ctid, new SetRequest { Options = options, Save = true });
        return Show(call, path, backup, changed);
    }

    private static string? KeepOld(string path)
    {
        if (!File.Exists(path))
            return null;
        ConfigFile.Load(path).Save(path + ".bak");
        return path + ".bak";
    }

    private static int Show(PlanningCall call, string target, string? backup, IReadOnlyList<ScaledValue> changed)
    {
        if (call.IsJson)
        {
            PlanningJson.Write(call.Output, new ScaleJson(target, backup, changed));
            return 0;
        }
        if (call.Arguments.Has(Verbose))
        {
            foreach (var value in changed)
                call.Output.WriteLine($"{value.Key} {value.Before} -> {value.After}");
        }
        return 0;
    }
}
