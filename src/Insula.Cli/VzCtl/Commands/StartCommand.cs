using Insula.Cli.Options;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class StartCommand : VzCtlCommand
{
    private static readonly Option DryRun = new("dry-run", "Print the launch plan, a step a line, and start nothing");

    public override string Name => "start";

    public override string Summary => "Start a container";

    public override IReadOnlyList<Option> Options { get; } = [.. StartOptions.All, DryRun];

    public override int Run(VzCtlCall call)
    {
        if (!call.Arguments.Has(DryRun))
            return VzCtlCall.Done(() => call.Engine.Start(call.Ctid, StartOptions.Read(call.Arguments)));
        foreach (var step in call.Engine.DescribeStart(call.Ctid))
            call.Output.WriteLine(step);
        return 0;
    }
}
