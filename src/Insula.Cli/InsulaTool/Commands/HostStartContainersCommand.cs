namespace Insula.Cli.InsulaTool.Commands;

internal sealed class HostStartContainersCommand : InsulaCommand
{
    public override string Name => "host start-containers";

    public override string Summary => "Start the containers that start when the host boots";

    public override IReadOnlyList<string> Notes =>
    [
        "These are the containers with ONBOOT=yes, and of those without ONBOOT the ones that ran when the host went down. The larger BOOTORDER starts first, VE_PARALLEL at a time. What runs already stays as it is, and one that fails does not keep the others from starting.",
    ];

    public override int Run(InsulaCall call) => call.Host.Engines.OpenBoot(call.Global, call.Reporter).Start();
}
