using System.Buffers.Binary;

namespace Insula.Linux.Netlink;

/// <summary>
/// An IPv4 or IPv6 address without a zone. Parsing is strict: what another program could read differently (leading zeros,
/// missing octets, blanks, zones, brackets) is no address. Text: <see cref="IpAddressText"/>.
/// </summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Bits">The address as a number; an IPv4 address fills the low 32 bits.</param>
public readonly record struct IpAddress(IpFamily Family, UInt128 Bits) : IComparable<IpAddress>
{
    /// <summary>The address in network byte order, 4 or 16 bytes; false for any other length.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out IpAddress address)
    {
        address = bytes.Length switch
        {
            4 => new IpAddress(IpFamily.IPv4, BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            16 => new IpAddress(IpFamily.IPv6, BinaryPrimitives.ReadUInt128BigEndian(bytes)),
            _ => default,
        };
        return address.Family != IpFamily.Any;
    }

    /// <summary>Takes <c>192.0.2.1</c> and <c>2001:db8::1</c>, the latter in every form of RFC 4291 section 2.2.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address) => IpAddressText.TryParse(text, out address);

    /// <summary>As <see cref="TryParse"/>, for text that is known to be right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static IpAddress Parse(string text)
        => TryParse(text, out var address) ? address : throw new FormatException($"\"{text}\" is not an IP address");

    /// <summary>Size in bytes: 4 or 16.</summary>
    public int Length => Family == IpFamily.IPv4 ? 4 : 16;

    /// <summary>Size in bits: 32 or 128.</summary>
    public int BitCount => Length * 8;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsUnspecified => Bits == 0;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => Family == IpFamily.IPv4 ? Bits >> 24 == 127 : Bits == 1;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => Family == IpFamily.IPv4 ? Bits >> 28 == 14 : Bits >> 120 == 0xff;

    /// <summary>169.254.0.0/16 or fe80::/10.</summary>
    public bool IsLinkLocal => Family == IpFamily.IPv4 ? Bits >> 16 == 0xa9fe : Bits >> 118 == 0x3fa;

    /// <summary>::ffff:0:0/96: an IPv4 address in IPv6 clothes, which the stack treats as IPv4.</summary>
    public bool IsIPv4Mapped => Family == IpFamily.IPv6 && Bits >> 32 == 0xffff;

    /// <summary>Writes the address in network byte order to <paramref name="bytes"/>, which holds at least <see cref="Length"/>.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        if (Family == IpFamily.IPv4)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
        else
            BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
    }

    /// <summary>IPv4 before IPv6, then by number.</summary>
    public int CompareTo(IpAddress other)
    {
        var byFamily = Family.CompareTo(other.Family);
        return byFamily != 0 ? byFamily : Bits.CompareTo(other.Bits);
    }

    /// <summary>Dotted decimal, or the canonical IPv6 text of RFC 5952.</summary>
    public override string ToString() => IpAddressText.Format(this);

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;
}
