using Insula.Engine.Containers;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Guard;

/// <summary>What may come out of one link of a container.</summary>
/// <param name="Ctid">Whose link it is.</param>
/// <param name="Link">The link's name on the host.</param>
public sealed record GuardedLink(Ctid Ctid, string Link)
{
    /// <summary>True for venet: a link without hardware addresses, by which only the container's IP addresses may be used.</summary>
    public bool IsRouted { get; init; }

    /// <summary>The only hardware address that may send; null: any (mac_filter off).</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>True if addresses are looked at (ip_filter on).</summary>
    public bool FiltersAddresses { get; init; } = true;

    /// <summary>
    /// The addresses of the container on this link. If there is none of a protocol, any may be used on a bridged link, as after DHCP, but those of others.
    /// </summary>
    public IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>Addresses that it may use beside others (ext_ipadd).</summary>
    public IReadOnlyList<IpAddress> Shared { get; init; } = [];

    /// <summary>Which network it is part of: the number of the bridge; 0: what the host routes.</summary>
    public uint Segment { get; init; }

    /// <summary>Addresses of that network that no container may take: the host's own and its routers'.</summary>
    public IReadOnlyList<IpAddress> Protected { get; init; } = [];

    /// <summary>True if there is anything to guard.</summary>
    public bool IsFiltered => IsRouted || Mac is not null || FiltersAddresses;
}
