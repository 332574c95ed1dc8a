using System.Buffers.Binary;
using Insula.Linux.Netlink;

namespace Insula.Linux.Packets;

/// <summary>IPv6 neighbour discovery on Ethernet (RFC 4861), as far as duplicates are looked for and addresses are announced.</summary>
public static class NeighbourPacket
{
    /// <summary>ETH_P_IPV6.</summary>
    public const ushort EtherType = Packets.EtherType.IPv6;

    private const int EthernetSize = 14;
    private const int IPv6Size = 40;
    private const int MessageSize = 24;
    private const int OptionSize = 8;
    private const byte Icmp6 = 58;
    private const byte HopLimit = 255;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;

    private static readonly IpAddress s_allNodes = IpAddress.Parse("ff02::1");

    /// <summary>Tells everybody that an address is here from now on ("unsolicited neighbor advertisement", override).</summary>
    public static byte[] Announcement(MacAddress own, IpAddress source, IpAddress address)
    {
        const byte targetLinkAddress = 2;
        const byte unitsOfEight = 1;
        var body = new byte[MessageSize + OptionSize];
        body[0] = Advertisement;
        body[4] = 0x20; // override
        address.CopyTo(body.AsSpan(8));
        body[MessageSize] = targetLinkAddress;
        body[MessageSize + 1] = unitsOfEight;
        own.CopyTo(body.AsSpan(MessageSize + 2));
        return Frame(own, source, s_allNodes, body);
    }

    /// <summary>Asks whether somebody has an address, without telling an own one (RFC 4862, 5.4.2).</summary>
    public static byte[] Probe(MacAddress own, IpAddress address)
    {
        var body = new byte[MessageSize];
        body[0] = Solicitation;
        address.CopyTo(body.AsSpan(8));
        // ff02::1:ffXX:XXXX
        var group = new IpAddress(IpFamily.IPv6, new UInt128(0xff02_0000_0000_0000, 0x1_ff00_0000 | ((ulong)address.Bits & 0xff_ffff)));
        return Frame(own, new IpAddress(IpFamily.IPv6, 0), group, body);
    }

    /// <summary>True for an advertisement; who has what.</summary>
    public static bool TryParseAdvertisement(ReadOnlySpan<byte> frame, out MacAddress sender, out IpAddress address)
    {
        sender = default;
        address = default;
        if (frame.Length < EthernetSize + IPv6Size + MessageSize || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherType)
            return false;
        var packet = frame[EthernetSize..];
        if (packet[6] != Icmp6 || packet[7] != HopLimit || packet[IPv6Size] != Advertisement)
            return false;
        return MacAddress.TryFromBytes(frame.Slice(6, 6), out sender) && IpAddress.TryFromBytes(packet.Slice(IPv6Size + 8, 16), out address);
    }

    private static byte[] Frame(MacAddress own, IpAddress source, IpAddress destination, byte[] body)
    {
        var frame = new byte[EthernetSize + IPv6Size + body.Length];
        // 33:33 and the last four bytes of the group (RFC 2464).
        new MacAddress(0x3333_0000_0000 | (ulong)(destination.Bits & 0xffff_ffff)).CopyTo(frame);
        own.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);
        var header = frame.AsSpan(EthernetSize, IPv6Size);
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)body.Length);
        header[6] = Icmp6;
        header[7] = HopLimit;
        source.CopyTo(header[8..]);
        destination.CopyTo(header[24..]);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2), Checksum(header[8..], body));
        body.CopyTo(frame.AsSpan(EthernetSize + IPv6Size));
        return frame;
    }

    // The internet checksum over the pseudo-header (RFC 8200, 8.1) and the message.
    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> body)
    {
        var sum = (uint)body.Length + Icmp6;
        sum += Words(addresses) + Words(body);
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Words(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return sum;
    }
}
