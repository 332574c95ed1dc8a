using Insula.Cli.Options;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class StopCommand : VzCtlCommand
{
    public override string Name => "stop";

    public override string Summary => "Stop a container";

    public override IReadOnlyList<string> Notes => ["A container that does not run is told of and is no error."];

    public override IReadOnlyList<Option> Options => StopOptions.All;

    public override int Run(VzCtlCall call)
    {
        var request = StopOptions.Read(call.Arguments);
        return VzCtlCall.Done(() => call.Engine.Stop(call.Ctid, request));
    }
}
