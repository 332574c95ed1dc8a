using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parts;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>What the host's firewall is to do for one container.</summary>
/// <param name="Ctid">The container.</param>
internal sealed record ContainerFirewall(Ctid Ctid)
{
    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<AclRule> Rules { get; init; } = [];

    /// <summary>What becomes of the rest.</summary>
    public AclPolicy Policy { get; init; } = new();

    /// <summary>Ports of the host.</summary>
    public IReadOnlyList<PortForward> Forwards { get; init; } = [];

    /// <summary>The most connections each way that the host follows; 0: no bound.</summary>
    public uint Connections { get; init; }

    /// <summary>Its links.</summary>
    public IReadOnlyList<FirewallLink> Links { get; init; } = [];

    /// <summary>Its addresses, the first of each protocol being what is forwarded to.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>Its devices whose packets do not pass the host: macvlan, and such as were handed over.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];

    /// <summary>True if an interface asks for an IPv4 address.</summary>
    public bool Dhcp4 { get; init; }

    /// <summary>True if one asks for an IPv6 address.</summary>
    public bool Dhcp6 { get; init; }

    /// <summary>True if packets are looked at.</summary>
    public bool HasAcl => Rules.Count > 0 || Connections > 0 || CanDeny(AclDirection.In) || CanDeny(AclDirection.Out);

    /// <summary>True if there is nothing to do.</summary>
    public bool IsEmpty => !HasAcl && Forwards.Count == 0;

    /// <summary>True if packets of a direction may be dropped.</summary>
    public bool CanDeny(AclDirection direction)
        => !Policy.Allows(direction) || Rules.Any(rule => rule.Direction == direction && !rule.Allows);

    /// <summary>The names of the sets that its rules refer to.</summary>
    public IEnumerable<string> Sets => Rules.SelectMany(rule => rule.Sets).Distinct();

    /// <summary>From what a container is configured with.</summary>
    public static ContainerFirewall Of(ContainerContext container)
    {
        var interfaces = InterfacesPart.Of(container);
        var firewall = new ContainerFirewall(container.Ctid)
        {
            Rules = container.Config.Get(FirewallParameters.Rules, []),
            Policy = container.Config.Get(FirewallParameters.Policy, new AclPolicy()),
            Forwards = container.Config.Get(FirewallParameters.Forwards, []),
            Links = [new FirewallLink(VenetName.OnHost(container.Ctid).Value, null, IsRouted: true), .. interfaces.Where(each => each.HostName is not null).Select(each => new FirewallLink(each.HostName!, each.Bridge, IsRouted: false))],
            Addresses = [.. NetworkPart.AddressesOf(container).Select(prefix => prefix.Address), .. interfaces.SelectMany(each => each.Addresses).Select(prefix => prefix.Address)],
            Unseen = [.. interfaces.Where(each => each.HostName is null).Select(each => each.Name), .. container.Config.Get(NetworkParameters.Devices, [])],
            Dhcp4 = interfaces.Any(each => each.Dhcp4 == true),
            Dhcp6 = interfaces.Any(each => each.Dhcp6 == true),
        };
        if (container.Config.TryGet(FirewallParameters.Connections, out var bound))
            return firewall with { Connections = (uint)bound };
        return firewall.IsEmpty && container.Engine.Global.Nat.Length == 0 ? firewall : firewall with { Connections = ConnectionBound.Ordinary() };
    }

    /// <summary>Where a forward of an IP protocol leads to; null: the container has no such address.</summary>
    public IpAddress? TargetOf(PortForward forward, IpFamily family)
    {
        if (!forward.IsAbout(family))
            return null;
        if (forward.To is { } named)
            return named;
        foreach (var address in Addresses)
        {
            if (address.Family == family)
                return address;
        }
        return null;
    }
}

/// <summary>A link of a container, by the name of the host's end.</summary>
/// <param name="Name">The name.</param>
/// <param name="Bridge">The bridge that it is to be attached to; null or empty: none.</param>
/// <param name="IsRouted">True for venet, which is never attached to one.</param>
internal readonly record struct FirewallLink(string Name, string? Bridge, bool IsRouted)
{
    /// <summary>The link by which the host's routes lead to it.</summary>
    public string RoutedBy => string.IsNullOrEmpty(Bridge) ? Name : Bridge;
}
