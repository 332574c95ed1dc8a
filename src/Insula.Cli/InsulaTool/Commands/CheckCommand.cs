using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Io;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class CheckCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");
    private static readonly Option Fix = new("fix", "Change what the report finds wanting: give a disk a scheduler that knows weights (BFQ), or switch on the quotas of the btrfs of a directory") { Argument = "DEVICE|DIRECTORY" };

    public override string Name => "check";

    public override string Summary => "Show what this host offers, and what each missing feature costs";

    public override IReadOnlyList<string> Notes => ["Changes nothing without --fix. The exit code is 5 if something is missing without which no container starts."];

    public override IReadOnlyList<Option> Options { get; } = [Json, Fix];

    // Whoever is not root sees less, and is told so line by line.
    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        if (call.Arguments.ValueOf(Fix) is { } target)
            return FixIt(call, target);
        var layout = LayoutOf(call);
        var report = new HostCapabilities().Report(layout, new BpfAccounting(layout, !HasConfiguration(call) || call.Global.UbcPrograms));
        if (call.Arguments.Has(Json))
        {
            call.Output.WriteLine(report.ToJson());
            return (int)report.ExitCode;
        }
        foreach (var line in report.ToLines())
            call.Output.WriteLine(PlainText.OneLine(line));
        return (int)report.ExitCode;
    }

    private static int FixIt(InsulaCall call, string target)
    {
        RootCheck.Demand(call.Host, "insula check --fix");
        var engine = HasConfiguration(call) ? new EngineContext(call.Global, call.Reporter) : null;
        var changes = DiskFix.Apply(engine, target);
        foreach (var change in changes)
            call.Reporter.Info(change);
        if (changes.Count == 0)
            call.Reporter.Info($"{target} needs no change");
        return 0;
    }

    private static bool HasConfiguration(InsulaCall call) => File.Exists(Path.Combine(call.Host.ConfigDirectory, "vz.conf"));

    /// <summary>A host that has no vz.conf yet is the one that most needs to be checked.</summary>
    private static HostLayout LayoutOf(InsulaCall call)
        => HasConfiguration(call)
            ? call.Global.Layout
            : HostLayout.Default with { ConfigDirectory = call.Host.ConfigDirectory };
}
