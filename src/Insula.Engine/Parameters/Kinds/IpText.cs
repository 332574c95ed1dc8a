using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// Addresses in the spellings that configuration files use. Stricter than <see cref="IPAddress"/>, which also takes "1", "0x7f.1",
/// octal parts and zone ids.
/// </summary>
internal static class IpText
{
    /// <summary>Reads a plain address.</summary>
    public static bool TryAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        var version4 = text.IndexOf(':') < 0;
        if (version4 ? !IsDottedQuad(text) : text.IndexOfAny('%', '[', '/') >= 0)
            return false;
        return IPAddress.TryParse(text, out address!) && (address.AddressFamily == AddressFamily.InterNetwork) == version4;
    }

    /// <summary>Reads what stands behind the slash: a prefix length, or for IPv4 a mask such as 255.255.255.0.</summary>
    public static bool TryPrefixLength(ReadOnlySpan<char> text, AddressFamily family, out int length)
    {
        if (family == AddressFamily.InterNetwork && IsDottedQuad(text) && IPAddress.TryParse(text, out var mask))
        {
            var bits = (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(mask.GetAddressBytes()));
            length = System.Numerics.BitOperations.LeadingZeroCount(~bits);
            return bits == (length == 0 ? 0 : uint.MaxValue << (32 - length));
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && text.Length <= 3 && length <= (family == AddressFamily.InterNetwork ? 32 : 128);
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            var plain = part.Length is >= 1 and <= 3 && !part.ContainsAnyExceptInRange('0', '9') && (part.Length == 1 || part[0] != '0');
            if (!plain || int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) > 255)
                return false;
            parts++;
        }
        return parts == 4;
    }
}
