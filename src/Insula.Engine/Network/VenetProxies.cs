using Insula.Engine.Containers;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>
/// Neighbour proxies: the host answers ARP and NDP on its uplinks for its containers' addresses, so that the router finds them
/// as if they were the host's. Only entries with our protocol mark are ever removed.
/// </summary>
internal sealed class VenetProxies(RouteSocket host, NeighbourDevices devices)
{
    private List<int>? _candidates;

    /// <summary>The links on which to answer for the address.</summary>
    public IReadOnlyList<int> DevicesFor(IpAddress address)
    {
        if (devices.Mode == NeighbourDevicesMode.None)
            return [];
        _candidates ??= Candidates();
        if (devices.Mode != NeighbourDevicesMode.Detect)
            return _candidates;
        return host.FindRoute(address) is { } route && _candidates.Contains(route.LinkIndex) ? [route.LinkIndex] : [];
    }

    /// <summary>As <see cref="DevicesFor"/>, for an address that is routed to a container already: what leads there but for that route.</summary>
    public IReadOnlyList<int> DevicesOfRouted(IpAddress address)
    {
        if (devices.Mode != NeighbourDevicesMode.Detect)
            return DevicesFor(address);
        _candidates ??= Candidates();
        var best = host.Routes(address.Family)
            .Where(route => _candidates.Contains(route.LinkIndex) && Covers(route, address))
            .MaxBy(route => route.Destination is null ? 0 : route.PrefixLength);
        return best is null ? [] : [best.LinkIndex];
    }

    private static bool Covers(Route route, IpAddress address)
        => route.Destination is not { } network || network.Bits >> (network.BitCount - route.PrefixLength) == address.Bits >> (network.BitCount - route.PrefixLength);

    public void Add(IpAddress address, IReadOnlyList<int> links, UndoStack undo)
    {
        foreach (var link in links)
        {
            host.AddNeighbourProxy(link, address, VenetRoutes.Protocol);
            undo.Push($"remove neighbour proxy {address}", () => VenetRoutes.LaterOnHost(socket => socket.DeleteNeighbourProxy(link, address)));
        }
    }

    /// <summary>Stops answering for addresses, wherever we did: the links chosen today need not be those of then.</summary>
    public void Remove(IReadOnlySet<IpAddress> addresses)
    {
        if (addresses.Count == 0)
            return;
        foreach (var proxy in host.NeighbourProxies())
        {
            if (proxy.Protocol == VenetRoutes.Protocol && addresses.Contains(proxy.Address))
                host.DeleteNeighbourProxy(proxy.LinkIndex, proxy.Address);
        }
    }

    /// <summary>
    /// Removes our proxies for addresses that no container has. Routes are made before proxies, so the proxy of a container that is
    /// being started meanwhile has its route already, if not yet in the list that was read: hence the second look.
    /// </summary>
    /// <param name="routed">Reads what is routed to containers; asked only if there is a proxy of ours.</param>
    public void Prune(Func<IReadOnlyDictionary<Ctid, IReadOnlyList<IpAddress>>> routed)
    {
        HashSet<IpAddress>? used = null;
        foreach (var proxy in host.NeighbourProxies())
        {
            if (proxy.Protocol != VenetRoutes.Protocol)
                continue;
            used ??= [.. routed().Values.SelectMany(addresses => addresses)];
            if (!used.Contains(proxy.Address) && !IsRoutedToContainer(proxy.Address))
                host.DeleteNeighbourProxy(proxy.LinkIndex, proxy.Address);
        }
    }

    private bool IsRoutedToContainer(IpAddress address)
        => host.FindRoute(address) is { IsHostRoute: true } route
            && host.FindLink(route.LinkIndex) is { } link
            && VenetName.TryParseOnHost(link.Name, out _);

    // vps-net_add's rule: up, not loopback, no link without ARP, not in a bond, not a container's, with an address that others can use.
    private List<int> Candidates()
    {
        var addressed = new HashSet<int>();
        foreach (var known in host.Addresses())
        {
            if (!known.Address.IsLinkLocal && known.Scope == RouteScope.Universe)
                addressed.Add(known.LinkIndex);
        }
        const LinkFlags unfit = LinkFlags.Loopback | LinkFlags.NoArp | LinkFlags.Slave;
        var candidates = new List<int>();
        foreach (var link in host.Links())
        {
            if (link.IsUp && (link.Flags & unfit) == 0 && !IsContainerVeth(link.Name) && devices.Admits(link.Name) && addressed.Contains(link.Index))
                candidates.Add(link.Index);
        }
        return candidates;
    }

    // veth101.0: the host's end of a container's bridged link.
    private static bool IsContainerVeth(string name)
        => name.StartsWith("veth", StringComparison.Ordinal) && name.Length > 4 && char.IsAsciiDigit(name[4]);
}
