using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

// Routes: rtnetlink(7) RTM_*ROUTE.
public sealed partial class RouteSocket
{
    /// <summary>Routes of one family, where given only those of one link and one table. Cached and cloned routes are not among them.</summary>
    public IReadOnlyList<Route> Routes(IpFamily family, int linkIndex = 0, int table = Route.MainTable)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetRoute, NetlinkFlags.Dump);
        request.Append(new RouteHeader { Family = family });
        request.Attribute(Rta.Table, (uint)table);
        if (linkIndex != 0)
            request.Attribute(Rta.OutputLink, (uint)linkIndex);
        var all = Dump<Route>(request, "routes", Route.TryParse);
        all.RemoveAll(route => route.Table != table || (linkIndex != 0 && route.LinkIndex != linkIndex));
        return all;
    }

    /// <summary>Adds a route. False, and nothing changes, if there is one with the same destination, table and metric.</summary>
    public bool AddRoute(Route route)
    {
        var request = NewRoute(stackalloc byte[RequestSize], route, NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Exclusive);
        var answer = TryExecute(request);
        if (answer.Errno == Errno.EEXIST)
            return false;
        ThrowIfFailed(answer, "add route", route.ToString());
        return true;
    }

    /// <summary>Adds a route in place of one with the same destination, table and metric.</summary>
    public void ReplaceRoute(Route route)
        => Execute(
            NewRoute(stackalloc byte[RequestSize], route, NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace),
            "replace route", route.ToString());

    /// <summary>Deletes a route. False if there is none that matches in every property given.</summary>
    public bool DeleteRoute(Route route)
    {
        var answer = TryExecute(NewRoute(stackalloc byte[RequestSize], route, NetlinkMessageType.DelRoute, NetlinkFlags.None));
        if (answer.Errno is Errno.ESRCH or Errno.ENODEV)
            return false;
        ThrowIfFailed(answer, "delete route", route.ToString());
        return true;
    }

    /// <summary>The entry of the routing tables that a packet to <paramref name="address"/> takes (ip route get fibmatch), or null for none.</summary>
    public Route? FindRoute(IpAddress address)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetRoute, NetlinkFlags.Ack);
        request.Append(new RouteHeader
        {
            Family = address.Family,
            DestinationLength = (byte)address.BitCount,
            Flags = Rta.FlagFibMatch,
        });
        request.Attribute(Rta.Destination, address);
        var answer = Get<Route>(request, Route.TryParse, out var route);
        // The kernel answers with the error of the matching route where that is "unreachable", "prohibit" or "blackhole".
        if (route is null && answer.Errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EACCES or Errno.EINVAL)
            return null;
        ThrowIfFailed(answer, "look up the route to", address.ToString());
        return route;
    }

    internal static NetlinkWriter NewRoute(Span<byte> buffer, Route route, NetlinkMessageType type, NetlinkFlags flags)
    {
        var request = new NetlinkWriter(buffer, type, flags | NetlinkFlags.Ack);
        request.Append(new RouteHeader
        {
            Family = route.Family,
            DestinationLength = (byte)route.EffectivePrefixLength,
            Protocol = route.Protocol,
            Scope = route.EffectiveScope,
            Type = route.Type,
            Flags = route.OnLink ? Rta.FlagOnLink : 0,
        });
        request.Attribute(Rta.Table, (uint)route.Table);
        if (route.Destination is { } destination)
            request.Attribute(Rta.Destination, destination);
        if (route.LinkIndex != 0)
            request.Attribute(Rta.OutputLink, (uint)route.LinkIndex);
        if (route.Gateway is { } gateway)
            request.Attribute(Rta.Gateway, gateway);
        if (route.Source is { } source)
            request.Attribute(Rta.PreferredSource, source);
        if (route.Metric != 0)
            request.Attribute(Rta.Priority, route.Metric);
        return request;
    }
}
