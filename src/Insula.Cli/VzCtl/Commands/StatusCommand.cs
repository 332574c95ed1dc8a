namespace Insula.Cli.VzCtl.Commands;

internal sealed class StatusCommand : VzCtlCommand
{
    public override string Name => "status";

    public override string Summary => "Print a container's state on one line";

    public override IReadOnlyList<string> Notes =>
        ["The line is: CTID, the number, exist or deleted, mounted or unmounted, running or down, and suspended if there is a checkpoint. A container that does not exist is no error."];

    public override int Run(VzCtlCall call)
    {
        var status = call.Engine.GetStatus(call.Ctid);
        // Parsed by others word by word: CTID 101 exist mounted running
        var words = $"CTID {call.Ctid} {(status.Exists ? "exist" : "deleted")} {(status.Mounted ? "mounted" : "unmounted")} {(status.Running ? "running" : "down")}";
        call.Output.WriteLine(status is { Exists: true, Running: false, Suspended: true } ? words + " suspended" : words);
        return 0;
    }
}
