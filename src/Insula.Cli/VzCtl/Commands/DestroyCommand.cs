namespace Insula.Cli.VzCtl.Commands;

internal sealed class DestroyCommand : VzCtlCommand
{
    public override string Name => "destroy";

    public override string? Alias => "delete";

    public override string Summary => "Remove a stopped, unmounted container with all its files";

    public override IReadOnlyList<string> Notes =>
        ["Its configuration is kept as CTID.conf.destroyed, action scripts likewise."];

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.Destroy(call.Ctid));
}
