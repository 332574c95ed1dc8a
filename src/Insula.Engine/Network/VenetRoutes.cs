using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>The host's routes to its containers: one per address, to the container's link, in the main table.</summary>
internal sealed class VenetRoutes(RouteSocket host, VenetOptions options)
{
    /// <summary>Marks our routes and neighbour proxies (RTPROT_*, shown as "proto 73"); not assigned to anybody in iproute2's rt_protos.</summary>
    public const byte Protocol = 73;

    /// <summary>Throws unless the container has the address already or can have it.</summary>
    /// <returns>The route it would take the place of (FORCE_ROUTE), or null.</returns>
    public Route? RequireFree(Ctid ctid, IpAddress address)
    {
        if (address.Family == IpFamily.IPv6 && !LinkSysctl.HasIPv6)
            throw new InsulaException(ExitCode.AddAddress, $"Cannot add IP address {address}: this host has no IPv6", "it is switched off in the kernel");
        var route = host.FindRoute(address);
        switch (route?.Type)
        {
            case null:
                return null;
            case RouteType.Local or RouteType.Anycast:
                throw new InsulaException(ExitCode.AddressInUse, $"IP address {address} is in use by the host");
            case RouteType.Broadcast or RouteType.Multicast:
                throw new InsulaException(ExitCode.AddressNotAvailable, $"IP address {address} is a broadcast address of the host's network");
            default:
                return route.IsHostRoute ? RequireOurs(ctid, address, route) : null;
        }
    }

    private Route? RequireOurs(Ctid ctid, IpAddress address, Route route)
    {
        var link = route.LinkIndex == 0 ? null : host.FindLink(route.LinkIndex);
        if (link is not null && VenetName.TryParseOnHost(link.Name, out var owner))
        {
            return owner == ctid
                ? null
                : throw new InsulaException(ExitCode.AddressInUse, $"IP address {address} is in use by CT {owner}");
        }
        return options.ForceRoute ? route : throw RoutedElsewhere(address, link?.Name);
    }

    private static InsulaException RoutedElsewhere(IpAddress address, string? link)
        => new(ExitCode.AddAddress,
            $"Cannot add IP address {address}: a route to it exists already{(link is null ? "" : $" (dev {link})")}",
            "remove that route, or set FORCE_ROUTE=yes in vz.conf");

    /// <summary>Routes the address to the container's link.</summary>
    public void Add(Ctid ctid, LinkInfo link, IpAddress address, UndoStack undo)
    {
        var route = new Route { Destination = address, LinkIndex = link.Index, Protocol = Protocol, Source = SourceFor(address.Family) };
        try
        {
            // The kernel decides between two commands that add one address at the same time: only one of them makes the route.
            if (host.AddRoute(route))
                undo.Push($"remove the route to {address}", () => LaterOnHost(socket => socket.DeleteRoute(route)));
            else if (RequireFree(ctid, address) is { } other)
                Replace(route, other, undo);
            else if (host.FindRoute(address)?.LinkIndex != link.Index)
                throw RoutedElsewhere(address, null);
        }
        catch (LinuxException error)
        {
            throw Failure(error);
        }
    }

    private void Replace(Route route, Route other, UndoStack undo)
    {
        host.ReplaceRoute(route);
        undo.Push($"put back the route to {other}", () => LaterOnHost(socket =>
        {
            socket.DeleteRoute(route);
            socket.AddRoute(other);
        }));
    }

    /// <summary>Runs an undo step of the host's side: with a socket of its own, since it may outlive the one that was lent to us.</summary>
    public static void LaterOnHost(Action<RouteSocket> step)
    {
        using var socket = RouteSocket.Open();
        step(socket);
    }

    /// <summary>Removes the route. False if there was none.</summary>
    public bool Remove(LinkInfo link, IpAddress address)
        => host.DeleteRoute(new Route { Destination = address, LinkIndex = link.Index, Protocol = 0 });

    /// <summary>What is routed to one link.</summary>
    public IReadOnlyList<IpAddress> Of(LinkInfo link)
    {
        var addresses = new List<IpAddress>();
        Collect(IpFamily.IPv4, link.Index, route => addresses.Add(route.Destination!.Value));
        Collect(IpFamily.IPv6, link.Index, route => addresses.Add(route.Destination!.Value));
        return addresses;
    }

    /// <summary>What is routed to each container's link.</summary>
    public IReadOnlyDictionary<Ctid, IReadOnlyList<IpAddress>> All()
    {
        var lists = new Dictionary<int, List<IpAddress>>();
        var owners = new Dictionary<Ctid, IReadOnlyList<IpAddress>>();
        foreach (var link in host.Links())
        {
            if (VenetName.TryParseOnHost(link.Name, out var ctid))
                owners[ctid] = lists[link.Index] = [];
        }
        if (lists.Count == 0)
            return owners;
        void Keep(Route route)
        {
            if (lists.TryGetValue(route.LinkIndex, out var list))
                list.Add(route.Destination!.Value);
        }
        Collect(IpFamily.IPv4, 0, Keep);
        Collect(IpFamily.IPv6, 0, Keep);
        return owners;
    }

    private void Collect(IpFamily family, int link, Action<Route> keep)
    {
        if (family == IpFamily.IPv6 && !LinkSysctl.HasIPv6)
            return;
        foreach (var route in host.Routes(family, link))
        {
            if (route.IsHostRoute && route.Type == RouteType.Unicast)
                keep(route);
        }
    }

    // VE_ROUTE_SRC_DEV: the first address of that link which is good beyond it.
    private IpAddress? SourceFor(IpFamily family)
    {
        if (options.RouteSourceDevice is not { } device)
            return null;
        var link = host.FindLink(device.Value)
            ?? throw new InsulaException(ExitCode.AddAddress, $"VE_ROUTE_SRC_DEV names link {device}, which does not exist");
        foreach (var known in host.Addresses(link.Index))
        {
            if (known.Address.Family == family && known.Scope == RouteScope.Universe)
                return known.Address;
        }
        return null;
    }

    /// <summary>A refusal of the kernel as an error of "add an address" (34).</summary>
    public static InsulaException Failure(LinuxException error) => new(ExitCode.AddAddress, error.Message, error.Hint, error);
}
