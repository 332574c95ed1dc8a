using Insula.Engine.Host;
using Insula.Engine.Network;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class HostPrepareCommand : InsulaCommand
{
    public override string Name => "host prepare";

    public override string Summary => "Make the directories and switch on the packet forwarding that containers need";

    public override IReadOnlyList<string> Notes => ["Doing it again changes nothing. Forwarding lasts until the host restarts."];

    public override int Run(InsulaCall call)
    {
        var changes = new HostPreparation(call.Global.Layout, () => EnableForwarding(call)).Prepare();
        foreach (var change in changes)
            call.Reporter.Info(change);
        if (changes.Count == 0)
            call.Reporter.Info("The host is prepared; nothing was changed");
        return 0;
    }

    private static List<string> EnableForwarding(InsulaCall call)
    {
        var lines = new List<string>();
        var changes = new HostForwarding().Enable();
        new ForwardingRecord(call.Global.Layout).Add(changes);
        foreach (var change in changes)
            lines.Add(change.ToString());
        return lines;
    }
}
