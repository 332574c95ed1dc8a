using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>
/// The routed network: each container has one point-to-point link to the host, and a packet finds its way by the host's routes
/// alone. No bridge, no ARP, no broadcast: both ends have IFF_NOARP and the same hardware address, so each accepts what the
/// other sends and nobody asks for anybody. Outside there is a route per address (<c>ADDR dev venet101</c>), inside a default
/// route (<c>default dev venet0</c>). <see cref="VenetSourceFilter"/>, and for IPv4 also a strict reverse path filter, let no packet in
/// whose source is not routed to that container. All state is the kernel's: what is routed to a container's link is the container's.
/// </summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
/// <param name="options">From vz.conf.</param>
public sealed class Venet(RouteSocket host, VenetOptions options)
{
    private readonly VenetRoutes _routes = new(host, options);
    private readonly VenetProxies _proxies = new(host, options.Neighbours);

    /// <summary>True if the container has its link.</summary>
    public bool Exists(Ctid ctid) => host.FindLink(VenetName.OnHost(ctid).Value) is not null;

    /// <summary>
    /// Everything at start, in order: looks whether the addresses are free, makes the link, configures both ends.
    /// </summary>
    /// <param name="ctid">The container; the caller holds its lock.</param>
    /// <param name="containerNamespace">Its network namespace.</param>
    /// <param name="inside">A socket of that namespace.</param>
    /// <param name="addresses">Its addresses; may be empty.</param>
    /// <param name="undo">Gets the steps that take it back; they do without either socket.</param>
    /// <exception cref="InsulaException">AddressInUse, AddAddress, AddressNotAvailable.</exception>
    public void Connect(
        Ctid ctid, LinkNamespace containerNamespace, RouteSocket inside, IReadOnlyList<IpPrefix> addresses, UndoStack undo)
    {
        RequireFree(ctid, addresses);
        Create(ctid, containerNamespace, undo);
        ConfigureInside(inside, addresses);
        RouteAddresses(ctid, addresses, undo);
    }

    /// <summary>Looks whether the container can have all these addresses. Changes nothing.</summary>
    /// <exception cref="InsulaException">
    /// AddressInUse: another container or the host has one. AddAddress: it is routed elsewhere and FORCE_ROUTE is not set.
    /// </exception>
    public void RequireFree(Ctid ctid, IReadOnlyList<IpPrefix> addresses)
    {
        foreach (var prefix in addresses)
            _routes.RequireFree(ctid, prefix.Address);
    }

    /// <summary>
    /// Makes the link: the host's end up and set, the container's end there but down. A link that a killed command left is replaced,
    /// so the container must not be running.
    /// </summary>
    public void Create(Ctid ctid, LinkNamespace containerNamespace, UndoStack undo)
    {
        var name = VenetName.OnHost(ctid).Value;
        var mac = VenetName.Mac(ctid);
        VenetSourceFilter.Ensure();
        host.DeleteLink(name);
        host.CreateVeth(new VethEnd(name, mac, NoArp: true), new VethEnd(VenetName.Inside, mac, NoArp: true), containerNamespace);
        undo.Push($"remove link {name}", () => VenetRoutes.LaterOnHost(socket => new Venet(socket, options).Remove(ctid)));
        var link = RequireLink(ctid);
        RestrictIPv4(link);
        if (LinkSysctl.HasIPv6)
            RestrictIPv6(link);
        host.ChangeLink(link.Index, new LinkChange { Up = true });
    }

    // What comes out of a container is hostile. rp_filter 1: a packet's source must be routed to this link. The redirects of a container
    // are not believed. Forwarding is also said per link, since net.ipv4.conf.default may say otherwise.
    private void RestrictIPv4(LinkInfo link)
        => host.SetIPv4Settings(
            link.Index,
            (IPv4LinkSetting.ReversePathFilter, 1),
            (IPv4LinkSetting.Forwarding, 1),
            (IPv4LinkSetting.AcceptRedirects, 0),
            (IPv4LinkSetting.SendRedirects, 0),
            (IPv4LinkSetting.AcceptSourceRoute, 0));

    // No link-local address: with equal hardware addresses the two ends would choose the same one.
    private void RestrictIPv6(LinkInfo link)
    {
        host.SetIPv6AddressGeneration(link.Index, IPv6AddressGeneration.None);
        LinkSysctl.SetIPv6(link.Name, "accept_ra", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_redirects", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_source_route", 0);
        LinkSysctl.SetIPv6(link.Name, "forwarding", 1);
    }

    /// <summary>
    /// Inside the container: lo and venet0 up, addresses, default routes. Needs the link; may be repeated.
    /// </summary>
    public static void ConfigureInside(RouteSocket inside, IReadOnlyList<IpPrefix> addresses) => VenetInside.Configure(inside, addresses);

    /// <summary>The host's part for several addresses: routes and neighbour proxies.</summary>
    public void RouteAddresses(Ctid ctid, IReadOnlyList<IpPrefix> addresses, UndoStack undo)
    {
        if (addresses.Count == 0)
            return;
        var link = RequireLink(ctid);
        foreach (var prefix in addresses)
            RouteAddress(ctid, link, prefix.Address, undo);
    }

    private void RouteAddress(Ctid ctid, LinkInfo link, IpAddress address, UndoStack undo)
    {
        // Before the route is there: afterwards every packet to the address leaves by the container's link.
        var devices = _proxies.DevicesFor(address);
        _routes.Add(ctid, link, address, undo);
        _proxies.Add(address, devices, undo);
    }

    /// <summary>Gives a running container one more address, on both sides. One it has already is no error.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="inside">A socket of its network namespace; the undo step needs it still.</param>
    /// <param name="prefix">The address.</param>
    /// <param name="undo">Gets the steps that take it back.</param>
    /// <exception cref="InsulaException">As <see cref="RequireFree"/>; nothing has changed then.</exception>
    public void AddAddress(Ctid ctid, RouteSocket inside, IpPrefix prefix, UndoStack undo)
    {
        _routes.RequireFree(ctid, prefix.Address);
        var link = RequireLink(ctid);
        VenetInside.Add(inside, prefix, undo);
        RouteAddress(ctid, link, prefix.Address, undo);
    }

    /// <summary>Takes an address from a running container, on both sides. One it does not have is no error.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="inside">A socket of its network namespace.</param>
    /// <param name="address">The address, with whatever prefix length it has inside.</param>
    public void RemoveAddress(Ctid ctid, RouteSocket inside, IpAddress address)
    {
        if (host.FindLink(VenetName.OnHost(ctid).Value) is { } link && _routes.Remove(link, address))
            _proxies.Remove(address);
        VenetInside.Remove(inside, address);
    }

    /// <summary>
    /// Removes the link, if there is one, and with it both ends' addresses and routes; then the neighbour proxies that lead nowhere
    /// now, also those that a container left which took its link away itself. May be repeated.
    /// </summary>
    public void Remove(Ctid ctid)
    {
        host.DeleteLink(VenetName.OnHost(ctid).Value);
        _proxies.Prune(_routes.All);
    }

    /// <summary>The addresses that are routed to the container now, IPv4 first. Empty if it has no link.</summary>
    public IReadOnlyList<IpAddress> RoutedAddresses(Ctid ctid)
        => host.FindLink(VenetName.OnHost(ctid).Value) is { } link ? _routes.Of(link) : [];

    /// <summary>The addresses of every container that has any, at the price of reading the routing table once.</summary>
    public IReadOnlyDictionary<Ctid, IReadOnlyList<IpAddress>> RoutedAddresses() => _routes.All();

    private LinkInfo RequireLink(Ctid ctid)
    {
        var name = VenetName.OnHost(ctid).Value;
        return host.FindLink(name)
            ?? throw new InsulaException(
                ExitCode.AddAddress, $"CT {ctid} has no venet link ({name})", "root in the container may have deleted it; restart the container");
    }
}
