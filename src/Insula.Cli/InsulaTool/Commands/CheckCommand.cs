using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine.Configuration;
using Insula.Engine.Host;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class CheckCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "check";

    public override string Summary => "Show what this host offers, and what each missing feature costs";

    public override IReadOnlyList<string> Notes => ["Changes nothing. The exit code is 5 if something is missing without which no container starts."];

    public override IReadOnlyList<Option> Options { get; } = [Json];

    // Whoever is not root sees less, and is told so line by line.
    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        var report = new HostCapabilities().Report(LayoutOf(call));
        if (call.Arguments.Has(Json))
        {
            call.Output.WriteLine(report.ToJson());
            return (int)report.ExitCode;
        }
        foreach (var line in report.ToLines())
            call.Output.WriteLine(PlainText.OneLine(line));
        return (int)report.ExitCode;
    }

    /// <summary>A host that has no vz.conf yet is the one that most needs to be checked.</summary>
    private static HostLayout LayoutOf(InsulaCall call)
        => File.Exists(Path.Combine(call.Host.ConfigDirectory, "vz.conf"))
            ? call.Global.Layout
            : HostLayout.Default with { ConfigDirectory = call.Host.ConfigDirectory };
}
