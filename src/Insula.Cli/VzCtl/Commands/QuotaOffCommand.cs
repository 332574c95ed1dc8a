namespace Insula.Cli.VzCtl.Commands;

internal sealed class QuotaOffCommand : VzCtlCommand
{
    public override string Name => "quotaoff";

    public override string Summary => "Take the limits of disk space and inodes away until the next start";

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.TurnQuotaOff(call.Ctid));
}
