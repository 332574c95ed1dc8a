namespace Insula.Cli.VzCtl.Commands;

internal sealed class MountCommand : VzCtlCommand
{
    public override string Name => "mount";

    public override string Summary => "Make a stopped container's files visible at VE_ROOT";

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.Mount(call.Ctid));
}
