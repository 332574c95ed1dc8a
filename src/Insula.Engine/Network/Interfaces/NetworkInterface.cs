using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Interfaces;

/// <summary>
/// An interface of a container with a hardware address, as NETIF has it, or what is to be changed about one: null is what is not said. An empty
/// <see cref="Bridge"/> means none.
/// </summary>
/// <param name="Name">Its name inside: eth0.</param>
public sealed record NetworkInterface(string Name)
{
    /// <summary>mac: the container's hardware address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>host_ifname: the name of the host's end.</summary>
    public string? HostName { get; init; }

    /// <summary>host_mac: the hardware address of the host's end.</summary>
    public MacAddress? HostMac { get; init; }

    /// <summary>type: what it is made of. A veth pair without it.</summary>
    public InterfaceType? Type { get; init; }

    /// <summary>link: the host's link that a macvlan sends by.</summary>
    public string? Uplink { get; init; }

    /// <summary>mode: how a macvlan reaches others on the same link; bridge without it.</summary>
    public MacvlanMode? Mode { get; init; }

    /// <summary>bridge: the host's bridge that it is attached to.</summary>
    public string? Bridge { get; init; }

    /// <summary>mac_filter: whether it may send with its own hardware address only. On by default.</summary>
    public bool? MacFilter { get; init; }

    /// <summary>ip_filter: whether it may speak for its own addresses only. On by default.</summary>
    public bool? IpFilter { get; init; }

    /// <summary>vlan: the VLAN of the bridge that it is in.</summary>
    public int? Vlan { get; init; }

    /// <summary>ip: its addresses; in a change those that are added.</summary>
    public IReadOnlyList<IpPrefix> Addresses { get; init; } = [];

    /// <summary>gw: the IPv4 router; unspecified means none.</summary>
    public IpAddress? Gateway4 { get; init; }

    /// <summary>gw6: the IPv6 router; unspecified means none.</summary>
    public IpAddress? Gateway6 { get; init; }

    /// <summary>dhcp: whether it asks for an IPv4 address.</summary>
    public bool? Dhcp4 { get; init; }

    /// <summary>dhcp6: whether it asks for an IPv6 address.</summary>
    public bool? Dhcp6 { get; init; }

    /// <summary>Entries of other programs, <c>key=value</c>, which are kept.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>In a change: addresses to take away, text as for --ipdel.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>True for --ifname, which changes one that must be there; false for --netif_add.</summary>
    public bool IsEdit { get; init; }

    /// <summary>True for a macvlan link.</summary>
    public bool IsMacvlan => Type == InterfaceType.Macvlan;

    /// <summary>True if hardware addresses are filtered.</summary>
    public bool FiltersMac => MacFilter ?? true;

    /// <summary>True if addresses are filtered.</summary>
    public bool FiltersAddresses => IpFilter ?? true;

    /// <summary>This with what a change says.</summary>
    public NetworkInterface With(NetworkInterface change) => this with
    {
        Mac = change.Mac ?? Mac,
        HostName = change.HostName ?? HostName,
        HostMac = change.HostMac ?? HostMac,
        Type = change.Type ?? Type,
        Uplink = change.Uplink ?? Uplink,
        Mode = change.Mode ?? Mode,
        Bridge = change.Bridge ?? Bridge,
        MacFilter = change.MacFilter ?? MacFilter,
        IpFilter = change.IpFilter ?? IpFilter,
        Vlan = change.Vlan ?? Vlan,
        Gateway4 = change.Gateway4 ?? Gateway4,
        Gateway6 = change.Gateway6 ?? Gateway6,
        Dhcp4 = change.Dhcp4 ?? Dhcp4,
        Dhcp6 = change.Dhcp6 ?? Dhcp6,
        Addresses = [.. Addresses.Where(kept => !IsRemoved(kept, change)), .. change.Addresses],
        Others = [.. Others, .. change.Others],
    };

    /// <summary>True if both are the same; lists are compared by what is in them.</summary>
    public bool SameAs(NetworkInterface other) => InterfaceText.Format(this) == InterfaceText.Format(other);

    private static bool IsRemoved(IpPrefix prefix, NetworkInterface change)
        => change.Removed.Contains("all") || change.Addresses.Any(added => added.Address == prefix.Address)
            || change.Removed.Any(text => IpPrefix.TryParse(text, out var gone) && gone.Address == prefix.Address);
}
