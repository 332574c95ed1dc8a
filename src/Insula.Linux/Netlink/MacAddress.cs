using System.Globalization;

namespace Insula.Linux.Netlink;

/// <summary>An Ethernet hardware address.</summary>
/// <param name="Bits">The six bytes as a number, the first byte on the wire highest.</param>
public readonly record struct MacAddress(ulong Bits)
{
    /// <summary>Size in bytes.</summary>
    public const int Length = 6;

    /// <summary>Six bytes in wire order; false for any other length (a link that is no Ethernet).</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out MacAddress address)
    {
        address = default;
        if (bytes.Length != Length)
            return false;
        ulong bits = 0;
        foreach (var value in bytes)
            bits = (bits << 8) | value;
        address = new MacAddress(bits);
        return true;
    }

    /// <summary>Takes <c>02:49:00:00:00:65</c> in either case; six groups of two digits, nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != 17)
            return false;
        ulong bits = 0;
        for (var i = 0; i < Length; i++)
        {
            if ((i > 0 && text[(3 * i) - 1] != ':')
                || !byte.TryParse(text.Slice(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return false;
            bits = (bits << 8) | value;
        }
        address = new MacAddress(bits);
        return true;
    }

    /// <summary>True where the address names a group of stations; no link can have such an address.</summary>
    public bool IsMulticast => (Bits >> 40 & 1) != 0;

    /// <summary>Writes the six bytes in wire order.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        for (var i = 0; i < Length; i++)
            bytes[i] = (byte)(Bits >> (8 * (Length - 1 - i)));
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture,
            $"{Bits >> 40 & 255:x2}:{Bits >> 32 & 255:x2}:{Bits >> 24 & 255:x2}:{Bits >> 16 & 255:x2}:{Bits >> 8 & 255:x2}:{Bits & 255:x2}");
}
