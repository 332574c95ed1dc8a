using Insula.Engine.Containers;
using Insula.Engine.Network.Guard;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>
/// The routed network: each container has one point-to-point link to the host, and a packet finds its way by the host's routes
/// alone. No bridge, no ARP, no broadcast: both ends have IFF_NOARP and the same hardware address, so each accepts what the
/// other sends and nobody asks for anybody. Outside there is a route per address (<c>ADDR dev venet101</c>), inside a default
/// route (<c>default dev venet0</c>). <see cref="NetworkGuard"/>, and for IPv4 also a strict reverse path filter, let no packet in
/// whose source is not that container's. All state is the kernel's: what is routed to a container's link is the container's.
/// </summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
/// <param name="options">From vz.conf.</param>
public sealed class Venet(RouteSocket host, VenetOptions options)
{
    // An answer comes within milliseconds; who wants to be sure waits as long as arpsend -w 1 does.
    private static readonly TimeSpan s_shortWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longWait = TimeSpan.FromSeconds(1);

    private readonly VenetRoutes _routes = new(host, options);
    private readonly VenetProxies _proxies = new(host, options.Neighbours);
    private readonly VenetLink _link = new(host, options);

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
    /// <param name="shared">Addresses that it may send from but that are not routed to it (ext_ipadd).</param>
    /// <exception cref="InsulaException">AddressInUse, AddAddress, AddressNotAvailable.</exception>
    public void Connect(
        Ctid ctid, LinkNamespace containerNamespace, RouteSocket inside, IReadOnlyList<IpPrefix> addresses, UndoStack undo,
        IReadOnlyList<IpAddress>? shared = null)
    {
        RequireFree(ctid, addresses);
        Create(ctid, containerNamespace, VenetLink.Guarded(ctid, [.. addresses.Select(prefix => prefix.Address)], shared ?? []), undo);
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
        Detect(ctid, addresses);
    }

    // Whether somebody else on the uplinks' networks has one of them. All are asked for at once, so that a thousand take no longer than one.
    private void Detect(Ctid ctid, IReadOnlyList<IpPrefix> addresses)
    {
        if (options.SkipDetection || options.Neighbours.Mode == NeighbourDevicesMode.None)
            return;
        var own = RoutedAddresses(ctid).ToHashSet();
        var questions = new List<(LinkInfo, IpAddress)>();
        foreach (var prefix in addresses.Where(prefix => !own.Contains(prefix.Address)))
        {
            foreach (var index in _proxies.DevicesFor(prefix.Address))
            {
                if (host.FindLink(index) is { } link)
                    questions.Add((link, prefix.Address));
            }
        }
        foreach (var found in AddressDetection.Find(questions, options.DuplicateIsError ? s_longWait : s_shortWait))
        {
            var text = $"IP address {found.Address} is in use on the network of {found.Link.Name} by {found.Owner}";
            if (options.DuplicateIsError)
                throw new InsulaException(ExitCode.AddressInUse, text, "give the container another, or set ERROR_ON_ARPFAIL=no");
            options.Warn(text);
        }
    }

    // A link that a killed command left is replaced, so the container must not be running.
    private void Create(Ctid ctid, LinkNamespace containerNamespace, GuardedLink guarded, UndoStack undo)
    {
        undo.Push($"remove link {guarded.Link}", () => VenetRoutes.LaterOnHost(socket => new Venet(socket, options).Remove(ctid)));
        _link.Create(ctid, containerNamespace, guarded);
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
        foreach (var device in devices)
            Announce(device, address);
    }

    /// <summary>Answers for the addresses of all containers on one link, if that is one of those to answer on, and announces them there.</summary>
    /// <returns>How many addresses.</returns>
    public int AnnounceAll(LinkInfo on)
    {
        var count = 0;
        using var steps = new UndoStack(options.Warn);
        foreach (var address in _routes.All().Values.SelectMany(addresses => addresses))
        {
            if (!_proxies.DevicesOfRouted(address).Contains(on.Index))
                continue;
            _proxies.Add(address, [on.Index], steps);
            Announce(on.Index, address);
            count++;
        }
        steps.Commit();
        return count;
    }

    // Neighbours that knew the address from before, with another hardware address, are told. One that does not hear it learns it a little later.
    private void Announce(int device, IpAddress address)
    {
        if (host.FindLink(device) is not { IsUp: true, Mac: not null } link)
            return;
        try
        {
            AddressAnnouncement.Send(host, link, address);
        }
        catch (LinuxException error)
        {
            options.Warn($"IP address {address} was not announced on {link.Name}: {error.Message}");
        }
    }

    /// <summary>Gives a running container one more address, on both sides. One it has already is no error.</summary>
    /// <exception cref="InsulaException">As <see cref="RequireFree"/>; nothing has changed then.</exception>
    public void AddAddress(Ctid ctid, RouteSocket inside, IpPrefix prefix, UndoStack undo) => AddAddresses(ctid, inside, [prefix], undo);

    /// <summary>Gives a running container further addresses, on both sides. One it has already is no error.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="inside">A socket of its network namespace; the undo steps need it still.</param>
    /// <param name="prefixes">The addresses.</param>
    /// <param name="undo">Gets the steps that take them back.</param>
    /// <exception cref="InsulaException">As <see cref="RequireFree"/>; nothing has changed then.</exception>
    public void AddAddresses(Ctid ctid, RouteSocket inside, IReadOnlyList<IpPrefix> prefixes, UndoStack undo)
    {
        foreach (var prefix in prefixes)
            _routes.RequireFree(ctid, prefix.Address);
        var link = RequireLink(ctid);
        Allow(ctid, [.. prefixes.Select(prefix => prefix.Address)], shared: false, undo);
        foreach (var prefix in prefixes)
        {
            VenetInside.Add(inside, prefix, undo);
            RouteAddress(ctid, link, prefix.Address, undo);
        }
    }

    /// <summary>Takes an address from a running container, on both sides. One it does not have is no error.</summary>
    public void RemoveAddress(Ctid ctid, RouteSocket inside, IpAddress address) => RemoveAddresses(ctid, inside, [address]);

    /// <summary>Takes addresses from a running container, on both sides. One it does not have is no error.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="inside">A socket of its network namespace.</param>
    /// <param name="addresses">The addresses, with whatever prefix length they have inside.</param>
    public void RemoveAddresses(Ctid ctid, RouteSocket inside, IReadOnlyCollection<IpAddress> addresses)
    {
        if (host.FindLink(VenetName.OnHost(ctid).Value) is { } link)
            _proxies.Remove(addresses.Where(address => _routes.Remove(link, address)).ToHashSet());
        Forbid(ctid, addresses);
        VenetInside.Remove(inside, addresses);
    }

    /// <summary>Lets a running container send from an address that is not routed to it, and that others may use as well (ext_ipadd).</summary>
    public void AddShared(Ctid ctid, IpAddress address, UndoStack undo)
    {
        var link = RequireLink(ctid);
        using (var guard = NetworkGuard.TryOpen())
        {
            if (guard is null)
            {
                throw new InsulaException(
                    ExitCode.AddAddress, $"Cannot allow the external address {address}: this kernel has no nftables for links", "load nf_tables");
            }
        }
        _link.SetReversePathFilter(link, on: false);
        Allow(ctid, [address], shared: true, undo);
    }

    /// <summary>Takes back what <see cref="AddShared"/> did.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="address">The address.</param>
    /// <param name="isLast">True if no such address is left.</param>
    public void RemoveShared(Ctid ctid, IpAddress address, bool isLast)
    {
        Forbid(ctid, [address]);
        if (isLast && host.FindLink(VenetName.OnHost(ctid).Value) is { } link)
            _link.SetReversePathFilter(link, on: true);
    }

    private static void Allow(Ctid ctid, IReadOnlyCollection<IpAddress> addresses, bool shared, UndoStack undo)
    {
        using var guard = NetworkGuard.TryOpen();
        guard?.AddAddresses(VenetLink.Guarded(ctid, [], []), addresses, shared);
        undo.Push("forbid the new source addresses", () => Forbid(ctid, addresses));
    }

    private static void Forbid(Ctid ctid, IReadOnlyCollection<IpAddress> addresses)
    {
        using var guard = NetworkGuard.TryOpenExisting();
        guard?.RemoveAddresses(VenetLink.Guarded(ctid, [], []), addresses);
    }

    /// <summary>
    /// Removes the link, if there is one, and with it both ends' addresses and routes; then the neighbour proxies that lead nowhere
    /// now, also those that a container left which took its link away itself, and what the guard knows of it. May be repeated.
    /// </summary>
    public void Remove(Ctid ctid)
    {
        var name = VenetName.OnHost(ctid).Value;
        host.DeleteLink(name);
        using (var guard = NetworkGuard.TryOpenExisting())
            guard?.Remove(ctid, name);
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
