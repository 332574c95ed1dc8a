using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>
/// Lets answers through on bridges of a kernel that follows no connections there (without nf_conntrack_bridge): what was allowed one way is remembered for a
/// while, by addresses, protocol and ports, and then passes both ways. A container has a bounded number of these. Fragments, which have no ports, do not pass.
/// </summary>
internal static class FlowRules
{
    /// <summary>Flows of a container and IP protocol that are remembered.</summary>
    public const uint MostFlows = 65536;

    /// <summary>How long a flow lasts that says nothing of its end.</summary>
    public static readonly TimeSpan Ordinary = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_lasting = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(30);
    private static readonly IpFamily[] s_families = [IpFamily.IPv4, IpFamily.IPv6];
    private static readonly NftPayload s_fragment = new(NftHeader.Network, 6, 2);
    private static readonly NftPayload s_flags = new(NftHeader.Transport, 13, 1);

    private static NftRangeSet Others => new(NftType.TransportProtocol, [new([AclProtocol.Udp], [AclProtocol.Udp + 1]), new([132], [133]), new([136], [137])]);

    /// <summary>Lets pass what belongs to a flow.</summary>
    public static IEnumerable<NftRule> Established(Ctid ctid, AclDirection direction)
    {
        const byte finOrReset = 5, fragmentHeader = 44;
        yield return PacketRules.Of(IpFamily.IPv4).Load(s_fragment, PacketRules.TestRegister).Mask(PacketRules.TestRegister, [0x3f, 0xff]).IfNotEqual(PacketRules.TestRegister, [0, 0])
            .Count(FirewallTables.CounterName(ctid, direction)).Drop();
        yield return PacketRules.Of(IpFamily.IPv6).IfHasExtension(fragmentHeader, PacketRules.TestRegister).Count(FirewallTables.CounterName(ctid, direction)).Drop();
        foreach (var family in s_families)
        {
            var flows = FirewallTables.Flows(ctid, family);
            var tcp = PacketRules.Of(family).OverIp(AclProtocol.Tcp).Load(s_flags, PacketRules.TestRegister).Mask(PacketRules.TestRegister, [finOrReset]).IfNotEqual(PacketRules.TestRegister, [0]);
            yield return Key(tcp, family, direction).IfIn(flows, 0).Remember(flows, 0, s_ending).Return();
            yield return Key(PacketRules.Of(family).OverIp(AclProtocol.Tcp), family, direction).IfIn(flows, 0).Remember(flows, 0, s_lasting).Return();
            yield return Key(OtherPorts(family), family, direction).IfIn(flows, 0).Remember(flows, 0, Ordinary).Return();
            yield return EchoKey(family, direction).IfIn(flows, 0).Remember(flows, 0, s_ending).Return();
        }
        // Errors about a flow; the receiver looks whether it has such a one.
        yield return PacketRules.OfIcmp(IpFamily.IPv4, (3, 3), (11, 12)).Return();
        yield return PacketRules.OfIcmp(IpFamily.IPv6, (1, 4)).Return();
    }

    /// <summary>Remembers the flow of a packet that is let through, and lets it through.</summary>
    public static IEnumerable<NftRule> Track(Ctid ctid, AclDirection direction)
    {
        foreach (var family in s_families)
        {
            var flows = FirewallTables.Flows(ctid, family);
            // A connection that is made is remembered for longer by its next packet.
            yield return Key(PacketRules.Of(family).OverIp(AclProtocol.Tcp), family, direction).Remember(flows, 0, Ordinary).Return();
            yield return Key(OtherPorts(family), family, direction).Remember(flows, 0, Ordinary).Return();
            yield return EchoKey(family, direction).Remember(flows, 0, s_ending).Return();
        }
    }

    private static NftRule OtherPorts(IpFamily family)
        => PacketRules.Of(family).Load(NftMeta.TransportProtocol, PacketRules.TestRegister).IfIn(Others, PacketRules.TestRegister);

    // CONTAINER . OTHER . PROTOCOL . PORT OF THE CONTAINER . PORT OF THE OTHER, from register 0 on, the same for both ways.
    private static NftRule Key(NftRule rule, IpFamily family, AclDirection direction)
    {
        var isOut = direction == AclDirection.Out;
        var ports = Addresses(rule, family, direction, out var next);
        return ports.Load(isOut ? NftPayload.SourcePort : NftPayload.DestinationPort, next).Load(isOut ? NftPayload.DestinationPort : NftPayload.SourcePort, next + 1);
    }

    // Requests and replies with the same number.
    private static NftRule EchoKey(IpFamily family, AclDirection direction)
    {
        var echo = family == IpFamily.IPv4 ? PacketRules.OfIcmp(family, (0, 0), (8, 8)) : PacketRules.OfIcmp(family, (128, 129));
        return Addresses(echo, family, direction, out var next).Load(PacketRules.EchoNumber, next).Load(PacketRules.EchoNumber, next + 1);
    }

    private static NftRule Addresses(NftRule rule, IpFamily family, AclDirection direction, out int next)
    {
        var size = family == IpFamily.IPv4 ? 1 : 4;
        var (own, other) = direction == AclDirection.Out
            ? (PacketRules.Source(family), PacketRules.Destination(family))
            : (PacketRules.Destination(family), PacketRules.Source(family));
        next = (2 * size) + 1;
        return rule.Load(own, 0).Load(other, size).Load(NftMeta.TransportProtocol, 2 * size);
    }
}
