using Insula.Cli.Options;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class RestartCommand : VzCtlCommand
{
    public override string Name => "restart";

    public override string Summary => "Stop a container if it runs, then start it";

    public override IReadOnlyList<Option> Options { get; } = [.. StopOptions.All, .. StartOptions.All];

    public override int Run(VzCtlCall call)
    {
        var stop = StopOptions.Read(call.Arguments);
        return VzCtlCall.Done(() => call.Engine.Restart(call.Ctid, stop, StartOptions.Read(call.Arguments)));
    }
}
