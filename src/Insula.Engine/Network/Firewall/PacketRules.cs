using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Packets;

namespace Insula.Engine.Network.Firewall;

/// <summary>Beginnings of rules. Register 12 is what is compared and not kept.</summary>
internal static class PacketRules
{
    public const int TestRegister = 12;

    public static readonly NftPayload EchoNumber = new(NftHeader.Transport, 4, 2);

    /// <summary>Goes on for IPv4, IPv6 or ARP.</summary>
    public static NftRule Of(ushort type) => new NftRule().Load(NftMeta.Protocol, TestRegister).IfEqual(TestRegister, NftKey.OfEtherType(type));

    /// <summary>Goes on for one IP protocol.</summary>
    public static NftRule Of(IpFamily family) => Of(family == IpFamily.IPv4 ? EtherType.IPv4 : EtherType.IPv6);

    /// <summary>Goes on for a protocol above it.</summary>
    public static NftRule OverIp(this NftRule rule, byte protocol) => rule.Load(NftMeta.TransportProtocol, TestRegister).IfEqual(TestRegister, [protocol]);

    /// <summary>Goes on for messages of ICMP of some types.</summary>
    public static NftRule OfIcmp(IpFamily family, params ReadOnlySpan<(int First, int Last)> types)
    {
        var ranges = new List<NftRange>();
        foreach (var (first, last) in types)
            ranges.Add(new NftRange([(byte)first], [(byte)(last + 1)]));
        return Of(family).OverIp(family == IpFamily.IPv4 ? AclProtocol.Icmp : AclProtocol.Icmp6)
            .Load(NftPayload.IcmpType, TestRegister).IfIn(new NftRangeSet(family == IpFamily.IPv4 ? NftType.IcmpType : NftType.Icmp6Type, ranges), TestRegister);
    }

    /// <summary>Goes on for UDP between two ports.</summary>
    public static NftRule OfUdp(IpFamily family, ushort from, ushort to)
        => Of(family).OverIp(AclProtocol.Udp)
            .Load(NftPayload.SourcePort, TestRegister).IfEqual(TestRegister, PortRange.Bytes(from))
            .Load(NftPayload.DestinationPort, TestRegister).IfEqual(TestRegister, PortRange.Bytes(to));

    /// <summary>Where the source address is.</summary>
    public static NftPayload Source(IpFamily family) => family == IpFamily.IPv4 ? NftPayload.Source4 : NftPayload.Source6;

    /// <summary>Where the destination address is.</summary>
    public static NftPayload Destination(IpFamily family) => family == IpFamily.IPv4 ? NftPayload.Destination4 : NftPayload.Destination6;
}
