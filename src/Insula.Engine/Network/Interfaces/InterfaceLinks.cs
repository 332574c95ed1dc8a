using Insula.Engine.Containers;
using Insula.Engine.Network.Bridges;
using Insula.Engine.Network.Guard;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Interfaces;

/// <summary>
/// The links of a container's interfaces: veth pairs whose other end is on the host, guarded, and attached to a bridge if it is said so. A link of ours
/// is known by its alias, <c>insula CT 101</c>; no other is ever removed.
/// </summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
/// <param name="bridges">The host's bridges.</param>
public sealed class InterfaceLinks(RouteSocket host, HostBridges bridges)
{
    private const int DefaultVlan = 1;
    private const string AliasStem = "insula CT ";

    /// <summary>Looks whether the interface can be made. Changes nothing.</summary>
    /// <exception cref="InsulaException">130: the name is taken, the bridge is none. 78: an address belongs to somebody.</exception>
    public void RequireFree(NetworkInterface wanted)
    {
        if (host.FindLink(wanted.HostName!) is { } taken)
        {
            throw new InsulaException(
                ExitCode.NetworkDevice, $"The interface name {wanted.HostName} is taken on this host{(taken.Alias is { } alias ? $" ({alias})" : "")}",
                $"choose another: --ifname {wanted.Name} --host_ifname NAME");
        }
        RequireAddresses(wanted, wanted.Addresses, bridges.Require(wanted.Bridge));
    }

    /// <summary>Looks whether the interface can have these addresses.</summary>
    internal static void RequireAddresses(NetworkInterface wanted, IEnumerable<IpPrefix> addresses, LinkInfo? bridge)
    {
        using var guard = NetworkGuard.TryOpenExisting();
        foreach (var prefix in addresses)
        {
            if (prefix.Address.Family == IpFamily.IPv6 && !LinkSysctl.HasIPv6)
                throw new InsulaException(ExitCode.AddAddress, $"Cannot add IP address {prefix.Address} to {wanted.Name}: this host has no IPv6", "it is switched off in the kernel");
            if (guard?.IsOwned(SegmentOf(bridge), prefix.Address) == true || guard?.IsOwned(GuardTable.Routing, prefix.Address) == true)
                throw new InsulaException(ExitCode.AddressInUse, $"IP address {prefix.Address} is in use by another container or this host");
        }
    }

    /// <summary>Makes the link: the container's end there, down; the host's up, guarded and attached.</summary>
    /// <param name="ctid">The container; the caller holds its lock.</param>
    /// <param name="wanted">The interface, complete.</param>
    /// <param name="containerNamespace">The container's network namespace.</param>
    /// <param name="undo">Gets the way back, which does without the sockets.</param>
    public void Create(Ctid ctid, NetworkInterface wanted, LinkNamespace containerNamespace, UndoStack undo)
    {
        RequireFree(wanted);
        var bridge = bridges.Ensure(wanted.Bridge, undo);
        try
        {
            host.CreateVeth(new VethEnd(wanted.HostName!, wanted.HostMac), new VethEnd(wanted.Name, wanted.Mac), containerNamespace);
            var link = RequireLink(wanted);
            host.ChangeLink(link.Index, new LinkChange { Alias = AliasOf(ctid) });
            undo.Push($"remove link {wanted.HostName}", () => VenetRoutes.LaterOnHost(socket => new InterfaceLinks(socket, new HostBridges(socket, "")).Remove(ctid, wanted)));
            Restrict(link, bridge is not null);
            Protect(ctid, wanted, link, bridge, isNew: true);
            host.ChangeLink(link.Index, new LinkChange { Up = true });
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.NetworkDevice, $"Cannot make interface {wanted.Name} of CT {ctid}: {error.Message}", error.Hint, error);
        }
    }

    /// <summary>Puts into force what has changed of an interface but names and hardware addresses.</summary>
    public void Change(Ctid ctid, NetworkInterface before, NetworkInterface wanted, UndoStack undo)
    {
        RequireAddresses(wanted, wanted.Addresses.Where(prefix => !before.Addresses.Any(known => known.Address == prefix.Address)), bridges.Require(wanted.Bridge));
        var link = RequireLink(wanted);
        var attached = BridgeOf(link);
        // Where no bridge is named, and none was, the administrator's program may have attached it.
        var bridge = string.IsNullOrEmpty(wanted.Bridge) && string.IsNullOrEmpty(before.Bridge) ? attached : bridges.Ensure(wanted.Bridge, undo);
        undo.Push($"set the old values of {wanted.HostName}", () => VenetRoutes.LaterOnHost(socket =>
        {
            var links = new InterfaceLinks(socket, new HostBridges(socket, ""));
            links.Protect(ctid, LeavingVlanOf(wanted, before), links.RequireLink(before), attached, isNew: false);
        }));
        Protect(ctid, LeavingVlanOf(before, wanted), link, bridge, isNew: false);
    }

    // That it is in no VLAN is not written down; one that was in one goes back to the bridge's own.
    private static NetworkInterface LeavingVlanOf(NetworkInterface before, NetworkInterface now)
        => now with { Vlan = now.Vlan ?? (before.Vlan is > 0 ? 0 : null) };

    /// <summary>Attaches a link that is on no bridge to one, under guard as what it sends is then seen there.</summary>
    /// <exception cref="InsulaException">130: it is not this container's link.</exception>
    public void Attach(Ctid ctid, NetworkInterface of, LinkInfo bridge)
    {
        var link = RequireLink(of);
        if (link.Alias != AliasOf(ctid))
            throw new InsulaException(ExitCode.NetworkDevice, $"{link.Name} is not a link of CT {ctid}");
        Protect(ctid, of, link, bridge, isNew: false);
    }

    /// <summary>What a link is attached to; null: nothing.</summary>
    public LinkInfo? BridgeOf(LinkInfo link) => link.MasterIndex == 0 ? null : host.FindLink(link.MasterIndex);

    // The guard first: nothing of what the container sends may reach the bridge unseen.
    private void Protect(Ctid ctid, NetworkInterface wanted, LinkInfo link, LinkInfo? bridge, bool isNew)
    {
        if (wanted.Vlan is > 0 && bridge is { FiltersVlans: false })
        {
            throw new InsulaException(
                ExitCode.NetworkDevice, $"Bridge {bridge.Name} does not keep VLANs apart, so that {wanted.Name} cannot be put into VLAN {wanted.Vlan}",
                $"ip link set {bridge.Name} type bridge vlan_filtering 1");
        }
        using (var guard = NetworkGuard.TryOpen())
        {
            var guarded = Guarded(ctid, wanted, bridge);
            if (isNew && guarded.IsFiltered)
                guard?.Set(guarded);
            else if (!isNew && guarded.IsFiltered)
                guard?.Change(guarded);
            else
                guard?.Remove(ctid, guarded.Link);
        }
        if (link.MasterIndex != (bridge?.Index ?? 0))
            host.SetBridge(link.Index, bridge?.Index ?? 0);
        if (bridge is not null)
            SetPort(wanted, link);
    }

    // Where hardware addresses are filtered the bridge knows the only station there is: it need not learn, and nobody else's frames go there.
    private void SetPort(NetworkInterface wanted, LinkInfo link)
    {
        host.SetBridgePort(link.Index, new BridgePort(Learns: !wanted.FiltersMac, Floods: !wanted.FiltersMac, BlocksBpdus: wanted.FiltersMac));
        // Before the station: that is made known in the VLANs that the port is in.
        if (wanted.Vlan is { } vlan)
            host.SetPortVlan(link.Index, vlan == 0 ? DefaultVlan : vlan);
        if (wanted.FiltersMac && wanted.Mac is { } mac)
            host.AddStation(link.Index, mac);
    }

    // The host itself has no business on a bridged link; on another one it is a router that believes nothing.
    private void Restrict(LinkInfo link, bool isBridged)
    {
        host.SetIPv4Settings(link.Index, (IPv4LinkSetting.AcceptRedirects, 0), (IPv4LinkSetting.SendRedirects, 0), (IPv4LinkSetting.AcceptSourceRoute, 0));
        if (!LinkSysctl.HasIPv6)
            return;
        if (isBridged)
            host.SetIPv6AddressGeneration(link.Index, IPv6AddressGeneration.None);
        LinkSysctl.SetIPv6(link.Name, "accept_ra", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_redirects", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_source_route", 0);
    }

    /// <summary>Removes an interface's link if it is this container's, and what the guard knows of it. May be repeated.</summary>
    public void Remove(Ctid ctid, NetworkInterface gone)
    {
        if (gone.HostName is not { } name)
            return;
        if (host.FindLink(name) is { } link && link.Alias == AliasOf(ctid))
            host.DeleteLink(name);
        using var guard = NetworkGuard.TryOpenExisting();
        guard?.Remove(ctid, name);
    }

    /// <summary>The interface as the guard is to know it now.</summary>
    public GuardedLink Guarded(Ctid ctid, NetworkInterface of, LinkInfo? bridge)
        => new(ctid, of.HostName!)
        {
            Mac = of.FiltersMac ? of.Mac : null,
            FiltersAddresses = of.FiltersAddresses,
            Addresses = [.. of.Addresses.Select(prefix => prefix.Address)],
            Segment = SegmentOf(bridge),
            Protected = bridge is null ? [] : bridges.ProtectedAddresses(bridge),
        };

    /// <summary>As the other, for the bridge that it is attached to at this moment; null if there is no such link.</summary>
    public GuardedLink? Guarded(Ctid ctid, NetworkInterface of)
        => of.HostName is { } name && host.FindLink(name) is { } link && link.Alias == AliasOf(ctid)
            ? Guarded(ctid, of, BridgeOf(link))
            : null;

    private LinkInfo RequireLink(NetworkInterface of)
        => host.FindLink(of.HostName!)
            ?? throw new InsulaException(ExitCode.NetworkDevice, $"The link {of.HostName} is gone", "root in the container may have deleted it; restart the container");

    private static uint SegmentOf(LinkInfo? bridge) => (uint)(bridge?.Index ?? 0);

    private static string AliasOf(Ctid ctid) => $"{AliasStem}{ctid}";

    /// <summary>Whose link it is, by its alias; null: none of ours.</summary>
    public static Ctid? OwnerOf(LinkInfo link)
        => link.Alias is { } alias && alias.StartsWith(AliasStem, StringComparison.Ordinal) && Ctid.TryParse(alias.AsSpan(AliasStem.Length), out var ctid) ? ctid : null;
}
