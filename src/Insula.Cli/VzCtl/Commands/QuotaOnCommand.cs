namespace Insula.Cli.VzCtl.Commands;

internal sealed class QuotaOnCommand : VzCtlCommand
{
    public override string Name => "quotaon";

    public override string Summary => "Put the limits of disk space and inodes into force";

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.TurnQuotaOn(call.Ctid));
}
