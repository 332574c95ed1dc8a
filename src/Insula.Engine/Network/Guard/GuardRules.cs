using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Packets;

namespace Insula.Engine.Network.Guard;

/// <summary>
/// The rules of the common chains. Registers: 0 to 3 the link's name, from 4 on what belongs to it in a key, 12 what is compared.
/// </summary>
internal static class GuardRules
{
    private const string ArpClaims = "arp-claims";
    private const string Sources4 = "source4";
    private const string Sources6 = "source6";
    private const string NeighbourClaims = "neighbour-claims";

    private const byte Udp = 17;
    private const byte Icmp6 = 58;
    private const int LinkRegister = 0;
    private const int ValueRegister = 4;
    private const int TestRegister = 12;

    private static readonly NftPayload s_frameSource = new(NftHeader.Link, 6, 6);
    private static readonly NftPayload s_frameType = new(NftHeader.Link, 12, 2);
    private static readonly NftPayload s_arpMac = new(NftHeader.Network, 8, 6);
    private static readonly NftPayload s_arpAddress = new(NftHeader.Network, 14, 4);
    private static readonly NftPayload s_dhcpClient = new(NftHeader.Transport, 8 + 28, 6);
    private static readonly NftPayload s_neighbourTarget = new(NftHeader.Transport, 8, 16);

    /// <summary>Each chain with its rules; a chain jumps only to such as come later or to those that drop.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<NftRule> Rules)> All() =>
    [
        (GuardTable.Routed, OfRoutedLinks()),
        (GuardTable.Hardware, OfHardware()),
        (GuardTable.Addresses, OfAddresses()),
        (ArpClaims, Claims4(s_arpAddress, GuardReason.Arp)),
        (Sources4, Claims4(NftPayload.Source4, GuardReason.Source)),
        (Sources6, Claims6(NftPayload.Source6, GuardReason.Source)),
        (NeighbourClaims, Claims6(s_neighbourTarget, GuardReason.Neighbour)),
        .. GuardTable.Reasons.Select(reason => (GuardTable.DropChain(reason), OfDrop(reason))),
    ];

    // No hardware addresses here: an own IP source address, or nothing. The container's kernel itself sends reports on multicast groups from ::,
    // which nobody needs.
    private static List<NftRule> OfRoutedLinks() =>
    [
        Protocol(EtherType.IPv4).Load(NftMeta.InputName, LinkRegister).Load(NftPayload.Source4, ValueRegister).IfIn(GuardTable.Sources4, LinkRegister).Accept(),
        Protocol(EtherType.IPv6).Load(NftMeta.InputName, LinkRegister).Load(NftPayload.Source6, ValueRegister).IfIn(GuardTable.Sources6, LinkRegister).Accept(),
        Protocol(EtherType.IPv6).Load(NftPayload.Source6, ValueRegister).IfEqual(ValueRegister, new byte[16]).Drop(),
        Protocol(EtherType.IPv4).Goto(GuardTable.DropChain(GuardReason.Source)),
        Protocol(EtherType.IPv6).Goto(GuardTable.DropChain(GuardReason.Source)),
        new NftRule().Goto(GuardTable.DropChain(GuardReason.Protocol)),
    ];

    // The EtherType is taken from the frame and not from what the kernel makes of it, so that a VLAN tag shows.
    private static List<NftRule> OfHardware() =>
    [
        IfNotOwnMac(new NftRule(), s_frameSource).Goto(GuardTable.DropChain(GuardReason.Mac)),
        new NftRule().Load(s_frameType, ValueRegister).IfNotIn(GuardTable.EtherTypes, ValueRegister).Goto(GuardTable.DropChain(GuardReason.Protocol)),
        IfNotOwnMac(Frame(EtherType.Arp), s_arpMac).Goto(GuardTable.DropChain(GuardReason.Arp)),
        IfNotOwnMac(Port(EtherType.IPv4, NftPayload.DestinationPort, 67), s_dhcpClient).Goto(GuardTable.DropChain(GuardReason.Dhcp)),
    ];

    private static List<NftRule> OfAddresses() =>
    [
        Protocol(EtherType.Arp).Goto(ArpClaims),
        Port(EtherType.IPv4, NftPayload.SourcePort, 67).Goto(GuardTable.DropChain(GuardReason.Dhcp)),
        Protocol(EtherType.IPv4).Goto(Sources4),
        Port(EtherType.IPv6, NftPayload.SourcePort, 547).Goto(GuardTable.DropChain(GuardReason.Dhcp)),
        Icmp(134).Goto(GuardTable.DropChain(GuardReason.Router)),
        Icmp(137).Goto(GuardTable.DropChain(GuardReason.Router)),
        Icmp(136).Jump(NeighbourClaims),
        // Before an address is used it is asked whether somebody has it: from ::, which makes it a claim.
        AddressTest().Jump(NeighbourClaims),
        Protocol(EtherType.IPv6).Goto(Sources6),
    ];

    /// <summary>Nobody speaks for what belongs to somebody else in the segment.</summary>
    public static IReadOnlyList<NftRule> OfSegment(uint segment)
    {
        var owned4 = GuardTable.Owned(segment, IpFamily.IPv4);
        var owned6 = GuardTable.Owned(segment, IpFamily.IPv6);
        return
        [
            Foreign(Protocol(EtherType.Arp), s_arpAddress, owned4, GuardTable.Sources4).Goto(GuardTable.DropChain(GuardReason.Arp)),
            Foreign(Protocol(EtherType.IPv4), NftPayload.Source4, owned4, GuardTable.Sources4).Goto(GuardTable.DropChain(GuardReason.Source)),
            Foreign(Protocol(EtherType.IPv6), NftPayload.Source6, owned6, GuardTable.Sources6).Goto(GuardTable.DropChain(GuardReason.Source)),
            Foreign(Icmp(136), s_neighbourTarget, owned6, GuardTable.Sources6).Goto(GuardTable.DropChain(GuardReason.Neighbour)),
            Foreign(AddressTest(), s_neighbourTarget, owned6, GuardTable.Sources6).Goto(GuardTable.DropChain(GuardReason.Neighbour)),
        ];
    }

    // Own: fine. Otherwise: only where it is not known what is the container's own. 0.0.0.0 is who has no address yet.
    private static List<NftRule> Claims4(NftPayload address, GuardReason reason) =>
    [
        new NftRule().Load(NftMeta.InputName, LinkRegister).Load(address, ValueRegister).IfIn(GuardTable.Sources4, LinkRegister).Return(),
        new NftRule().Load(address, ValueRegister).IfEqual(ValueRegister, new byte[4]).Return(),
        new NftRule().Load(NftMeta.InputName, LinkRegister).IfIn(GuardTable.Bound4, LinkRegister).Goto(GuardTable.DropChain(reason)),
    ];

    // As for IPv4. Link-local addresses that nobody is known to have are free: a system may make one that does not follow from its hardware address.
    private static List<NftRule> Claims6(NftPayload address, GuardReason reason) =>
    [
        new NftRule().Load(NftMeta.InputName, LinkRegister).Load(address, ValueRegister).IfIn(GuardTable.Sources6, LinkRegister).Return(),
        new NftRule().Load(address, ValueRegister).IfEqual(ValueRegister, new byte[16]).Return(),
        new NftRule().Load(address, ValueRegister).Mask(ValueRegister, LinkLocal(0xff, 0xc0)).IfEqual(ValueRegister, LinkLocal(0xfe, 0x80)).Return(),
        new NftRule().Load(NftMeta.InputName, LinkRegister).IfIn(GuardTable.Bound6, LinkRegister).Goto(GuardTable.DropChain(reason)),
    ];

    private static byte[] LinkLocal(byte first, byte second) => [first, second, .. new byte[14]];

    private static NftRule Foreign(NftRule rule, NftPayload address, NftSet owned, NftSet own)
        => rule.Load(address, ValueRegister).IfIn(owned, ValueRegister)
            .Load(NftMeta.InputName, LinkRegister).Load(address, ValueRegister).IfNotIn(own, LinkRegister);

    // A neighbour solicitation from :: asks whether an address is taken, and so claims it (RFC 4862, 5.4).
    private static NftRule AddressTest() => Icmp(135).Load(NftPayload.Source6, ValueRegister).IfEqual(ValueRegister, new byte[16]);

    private static IReadOnlyList<NftRule> OfDrop(GuardReason reason) =>
    [
        new NftRule().Load(NftMeta.InputName, LinkRegister).Count(GuardTable.Drops[reason], LinkRegister),
        new NftRule().Drop(),
    ];

    private static NftRule IfNotOwnMac(NftRule rule, NftPayload mac)
        => rule.Load(NftMeta.InputName, LinkRegister).Load(mac, ValueRegister).IfNotIn(GuardTable.Macs, LinkRegister);

    private static NftRule Protocol(ushort type) => new NftRule().Load(NftMeta.Protocol, TestRegister).IfEqual(TestRegister, NftKey.OfEtherType(type));

    private static NftRule Frame(ushort type) => new NftRule().Load(s_frameType, TestRegister).IfEqual(TestRegister, NftKey.OfEtherType(type));

    private static NftRule Transport(ushort type, byte protocol)
        => Protocol(type).Load(NftMeta.TransportProtocol, TestRegister).IfEqual(TestRegister, [protocol]);

    private static NftRule Port(ushort type, NftPayload which, ushort port)
        => Transport(type, Udp).Load(which, TestRegister).IfEqual(TestRegister, NftKey.OfEtherType(port));

    private static NftRule Icmp(byte type) => Transport(EtherType.IPv6, Icmp6).Load(NftPayload.IcmpType, TestRegister).IfEqual(TestRegister, [type]);
}
