namespace Insula.Cli.VzCtl.Commands;

internal sealed class UmountCommand : VzCtlCommand
{
    public override string Name => "umount";

    public override string Summary => "Take a stopped container's files away from VE_ROOT";

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.Unmount(call.Ctid));
}
