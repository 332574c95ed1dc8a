using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Bridges;

/// <summary>What an administrator does with the host's bridges.</summary>
/// <param name="declared">BRIDGES of vz.conf.</param>
public sealed class BridgeCommands(string declared)
{
    /// <summary>Every bridge with what is attached to it, a container's link with its number: <c>veth101.0 (CT 101)</c>.</summary>
    public IReadOnlyList<(string Name, bool IsUp, IReadOnlyList<string> Ports)> List()
    {
        const string ours = "insula ";
        using var host = RouteSocket.Open();
        var links = host.Links();
        return [.. new HostBridges(host, declared).List().Select(bridge => (bridge.Name, bridge.IsUp, (IReadOnlyList<string>)
            [.. links.Where(link => link.MasterIndex == bridge.Index)
                .Select(link => link.Alias is { } alias && alias.StartsWith(ours, StringComparison.Ordinal) ? $"{link.Name} ({alias[ours.Length..]})" : link.Name)]))];
    }

    /// <inheritdoc cref="HostBridges.Create"/>
    public void Add(BridgeSettings wanted, UndoStack undo)
    {
        using var host = RouteSocket.Open();
        new HostBridges(host, declared).Create(wanted, undo);
    }

    /// <inheritdoc cref="HostBridges.Remove"/>
    public void Remove(string name)
    {
        using var host = RouteSocket.Open();
        new HostBridges(host, declared).Remove(name);
    }
}
