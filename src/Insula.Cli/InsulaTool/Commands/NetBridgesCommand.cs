using Insula.Engine.Network.Bridges;
using Insula.Linux.Netlink;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetBridgesCommand : InsulaCommand
{
    public override string Name => "net bridges";

    public override string Summary => "List the host's bridges and what is attached to them";

    public override int Run(InsulaCall call)
    {
        using var host = RouteSocket.Open();
        var links = host.Links();
        call.Output.WriteLine($"{"BRIDGE",-15} {"STATE",-5} LINKS");
        foreach (var bridge in new HostBridges(host, call.Global.Bridges).List())
        {
            var ports = new List<string>();
            foreach (var link in links)
            {
                if (link.MasterIndex == bridge.Index)
                    ports.Add(link.Alias is { } alias && alias.StartsWith("insula ", StringComparison.Ordinal) ? $"{link.Name} ({alias["insula ".Length..]})" : link.Name);
            }
            call.Output.WriteLine($"{bridge.Name,-15} {(bridge.IsUp ? "up" : "down"),-5} {string.Join(' ', ports)}".TrimEnd());
        }
        return 0;
    }
}
