using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// How one network interface is to be configured inside a container, whichever program does it there. Interfaces are known by their names:
/// the host makes them, and nothing renames them.
/// </summary>
/// <remarks>An interface that the container's owner is to configure himself is not in the list that a configurator gets.</remarks>
public sealed record InterfaceSettings
{
    private static readonly IpFamily[] s_families = [IpFamily.IPv4, IpFamily.IPv6];

    /// <summary>venet0 with these addresses.</summary>
    public static InterfaceSettings Venet(IReadOnlyList<IpPrefix> addresses)
        => new() { Name = VenetName.Inside, IsRouted = true, Addresses = addresses };

    /// <summary>The interface's name inside: venet0, eth0.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// True for a point-to-point link without neighbours such as venet0: the default route of each family that has an address leads into
    /// the device itself, and the host has set all that up before init runs.
    /// </summary>
    public bool IsRouted { get; init; }

    /// <summary>Fixed addresses of both families; may be empty.</summary>
    public IReadOnlyList<IpPrefix> Addresses { get; init; } = [];

    /// <summary>
    /// Where the IPv4 default route leads to, be it on this link's network or not; null: there is none by this interface. A container has one: that
    /// of the first interface with a gateway, before that of a routed interface.
    /// </summary>
    public IpAddress? Gateway4 { get; init; }

    /// <summary>As <see cref="Gateway4"/> for IPv6; may be link-local.</summary>
    public IpAddress? Gateway6 { get; init; }

    /// <summary>True to ask a DHCP server for an IPv4 address.</summary>
    public bool Dhcp4 { get; init; }

    /// <summary>True to ask a DHCPv6 server for an address.</summary>
    public bool Dhcp6 { get; init; }

    /// <summary>True to take IPv6 addresses and routes from router advertisements.</summary>
    public bool Auto6 { get; init; }

    /// <summary>False if there is nothing to configure: what was written for it before is taken out.</summary>
    public bool IsConfigured => Addresses.Count > 0 || Gateway4 != null || Gateway6 != null || Dhcp4 || Dhcp6 || Auto6;

    /// <summary>The fixed addresses of one family.</summary>
    internal IEnumerable<IpPrefix> Of(IpFamily family) => Addresses.Where(prefix => prefix.Address.Family == family);

    /// <summary>True if one family has anything to configure.</summary>
    internal bool Has(IpFamily family) => Of(family).Any() || (family == IpFamily.IPv4
        ? Gateway4 != null || Dhcp4
        : Gateway6 != null || Dhcp6 || Auto6);

    /// <summary>The families whose default route another interface has.</summary>
    internal IReadOnlyList<IpFamily> WithoutDefault { get; init; } = [];

    /// <summary>The interfaces with one default route a family: a second one of the same metric is an error to some, and chance with others.</summary>
    internal static List<InterfaceSettings> WithOneDefault(IEnumerable<InterfaceSettings> interfaces)
    {
        var list = interfaces.ToList();
        var first4 = list.Find(link => link.Gateway4 != null) ?? list.Find(link => link.IsRouted);
        var first6 = list.Find(link => link.Gateway6 != null) ?? list.Find(link => link.IsRouted);
        return list.ConvertAll(link => link with
        {
            WithoutDefault = [.. s_families.Where(family => link != (family == IpFamily.IPv4 ? first4 : first6))],
        });
    }

    /// <summary>The default routes that are to be written down.</summary>
    internal IEnumerable<DefaultRoute> DefaultRoutes()
    {
        foreach (var family in s_families)
        {
            var gateway = family == IpFamily.IPv4 ? Gateway4 : Gateway6;
            if (WithoutDefault.Contains(family))
                continue;
            if (gateway is { } address)
                yield return new DefaultRoute(family, address, IsOnLink(address));
            else if (IsRouted && Of(family).Any())
                yield return new DefaultRoute(family, null, true);
        }
    }

    // A gateway outside of every network of the interface is reached all the same if the kernel is told that it is on the link.
    private bool IsOnLink(IpAddress gateway)
    {
        if (gateway is { Family: IpFamily.IPv6, IsLinkLocal: true })
            return true;
        foreach (var prefix in Of(gateway.Family))
        {
            if ((gateway.Bits ^ prefix.Address.Bits) >> (gateway.BitCount - prefix.Length) == 0)
                return true;
        }
        // With DHCP the network is not known here.
        return gateway.Family == IpFamily.IPv4 ? Dhcp4 : Dhcp6 || Auto6;
    }
}
