namespace Insula.Cli.InsulaTool.Commands;

internal sealed class HostStopContainersCommand : InsulaCommand
{
    public override string Name => "host stop-containers";

    public override string Summary => "Stop all containers, as the host does when it shuts down";

    public override IReadOnlyList<string> Notes =>
    [
        "They stop in the reverse order of starting, VE_PARALLEL at a time, each within its STOP_TIMEOUT. Those that ran are started again by host start-containers, unless they have ONBOOT=no.",
    ];

    public override int Run(InsulaCall call) => call.Host.Engines.OpenBoot(call.Global, call.Reporter).Stop();
}
