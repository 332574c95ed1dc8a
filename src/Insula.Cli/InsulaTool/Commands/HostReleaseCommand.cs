using Insula.Engine.Host;
using Insula.Engine.Network.Firewall;
using Insula.Engine.Network.Guard;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class HostReleaseCommand : InsulaCommand
{
    public override string Name => "host release";

    public override string Summary => "Take back what host prepare and containers have changed in the kernel";

    public override IReadOnlyList<string> Notes => ["Forwarding and limits are as they were before, and the packet filter table insula goes. For a host without running containers."];

    public override int Run(InsulaCall call)
    {
        var record = new SysctlRecord(call.Global.Layout);
        var changes = record.Load();
        new SysctlTree().Restore(changes);
        foreach (var change in changes)
            call.Reporter.Info($"restored {SysctlChange.NameOf(change.Path)} = {change.Before}");
        record.Clear();
        if (NetworkGuard.RemoveTable())
            call.Reporter.Info("removed the packet filter table insula");
        if (HostFirewall.RemoveTables(call.Global.Layout))
            call.Reporter.Info("removed the firewall of containers");
        return 0;
    }
}
