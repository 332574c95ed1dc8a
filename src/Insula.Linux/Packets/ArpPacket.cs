using System.Buffers.Binary;
using Insula.Linux.Netlink;

namespace Insula.Linux.Packets;

/// <summary>An ARP message for IPv4 on Ethernet (RFC 826).</summary>
/// <param name="IsReply">A reply; else a request.</param>
/// <param name="SenderMac">The sender's hardware address.</param>
/// <param name="SenderAddress">The sender's IPv4 address; 0.0.0.0 in a probe (RFC 5227).</param>
/// <param name="TargetMac">The hardware address of whom it is about.</param>
/// <param name="TargetAddress">The IPv4 address it is about.</param>
public readonly record struct ArpPacket(bool IsReply, MacAddress SenderMac, IpAddress SenderAddress, MacAddress TargetMac, IpAddress TargetAddress)
{
    /// <summary>ETH_P_ARP.</summary>
    public const ushort EtherType = Packets.EtherType.Arp;

    private const int HeaderSize = 14;
    private const int BodySize = 28;

    // Ethernet's shortest frame, without its checksum.
    private const int ShortestFrame = 60;

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    /// <summary>Asks whether somebody has an address, without telling an own one.</summary>
    public static ArpPacket Probe(MacAddress own, IpAddress address) => new(false, own, new IpAddress(IpFamily.IPv4, 0), default, address);

    /// <summary>Tells everybody that an address is here from now on.</summary>
    public static ArpPacket Announcement(MacAddress own, IpAddress address) => new(false, own, address, Broadcast, address);

    /// <summary>The frame.</summary>
    public byte[] ToFrame(MacAddress destination, MacAddress source)
    {
        var frame = new byte[ShortestFrame];
        destination.CopyTo(frame);
        source.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherType);
        var body = frame.AsSpan(HeaderSize, BodySize);
        ReadOnlySpan<byte> kind = [0, 1, 8, 0, 6, 4, 0, (byte)(IsReply ? 2 : 1)];
        kind.CopyTo(body);
        SenderMac.CopyTo(body[8..]);
        SenderAddress.CopyTo(body[14..]);
        TargetMac.CopyTo(body[18..]);
        TargetAddress.CopyTo(body[24..]);
        return frame;
    }

    /// <summary>Understands a frame; false if it is no such message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out ArpPacket packet)
    {
        packet = default;
        if (frame.Length < HeaderSize + BodySize || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherType)
            return false;
        var body = frame.Slice(HeaderSize, BodySize);
        if (!body[..7].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4, 0]) || body[7] is not (1 or 2))
            return false;
        MacAddress.TryFromBytes(body.Slice(8, 6), out var senderMac);
        IpAddress.TryFromBytes(body.Slice(14, 4), out var sender);
        MacAddress.TryFromBytes(body.Slice(18, 6), out var targetMac);
        IpAddress.TryFromBytes(body.Slice(24, 4), out var target);
        packet = new ArpPacket(body[7] == 2, senderMac, sender, targetMac, target);
        return true;
    }
}
