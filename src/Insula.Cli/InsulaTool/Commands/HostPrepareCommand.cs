using Insula.Engine.Host;
using Insula.Engine.Network;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class HostPrepareCommand : InsulaCommand
{
    public override string Name => "host prepare";

    public override string Summary => "Make the directories, switch on the packet forwarding and raise the shared limits that containers need";

    public override IReadOnlyList<string> Notes => ["Doing it again changes nothing. Forwarding and limits last until the host restarts. A limit that is high enough is left alone; check shows them."];

    public override int Run(InsulaCall call)
    {
        var changes = new HostPreparation(call.Global.Layout, () => ChangeSettings(call)).Prepare();
        foreach (var change in changes)
            call.Reporter.Info(change);
        if (changes.Count == 0)
            call.Reporter.Info("The host is prepared; nothing was changed");
        return 0;
    }

    // Noted one after the other: if a limit cannot be raised, what was done before it can still be taken back.
    private static List<string> ChangeSettings(InsulaCall call)
    {
        var tree = new SysctlTree();
        var record = new SysctlRecord(call.Global.Layout);
        var lines = new List<string>();
        foreach (var change in new Func<IReadOnlyList<SysctlChange>>[] { new HostForwarding(tree).Enable, new HostLimits(tree).Raise })
        {
            var changes = change();
            record.Add(changes);
            foreach (var line in changes)
                lines.Add(line.ToString());
        }
        return lines;
    }
}
