namespace Insula.Cli.VzCtl.Commands;

internal sealed class QuotaInitCommand : VzCtlCommand
{
    public override string Name => "quotainit";

    public override string Summary => "Count what a stopped container has, for its disk quota";

    public override int Run(VzCtlCall call) => VzCtlCall.Done(() => call.Engine.InitializeQuota(call.Ctid));
}
