using System.Globalization;

namespace Insula.Linux.Netlink;

/// <summary>IP addresses as text: a strict reader and the canonical writer (RFC 5952 for IPv6).</summary>
internal static class IpAddressText
{
    private const int GroupCount = 8;

    internal static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.Contains(':'))
        {
            if (!TryParseIPv6(text, out var bits))
                return false;
            address = new IpAddress(IpFamily.IPv6, bits);
            return true;
        }
        if (!TryParseIPv4(text, out var number))
            return false;
        address = new IpAddress(IpFamily.IPv4, number);
        return true;
    }

    // Four decimal octets. "010" is refused, since inet_aton reads it as octal and others as decimal.
    private static bool TryParseIPv4(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            var dot = text.IndexOf('.');
            var last = octet == 3;
            if (last != (dot < 0))
                return false;
            var digits = last ? text : text[..dot];
            if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0') || digits.ContainsAnyExceptInRange('0', '9'))
                return false;
            var value = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            if (value > 255)
                return false;
            number = (number << 8) | (uint)value;
            text = last ? default : text[(dot + 1)..];
        }
        return true;
    }

    // 2001:db8::1, ::, 1:2:3:4:5:6:7:8, ::ffff:192.0.2.1. "::" stands for one or more groups of zero and may occur once.
    private static bool TryParseIPv6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
            return TryParseGroups(text, out bits, out var all) && all == GroupCount;
        if (text.LastIndexOf("::", StringComparison.Ordinal) != gap
            || !TryParseGroups(text[..gap], out var head, out var before, mayEndInIPv4: false)
            || !TryParseGroups(text[(gap + 2)..], out var tail, out var after)
            || before + after >= GroupCount)
            return false;
        bits = before == 0 ? tail : (head << (16 * (GroupCount - before))) | tail;
        return true;
    }

    // Groups divided by single colons; empty text is no group at all. A dotted IPv4 address may stand for the last two.
    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count, bool mayEndInIPv4 = true)
    {
        bits = 0;
        count = 0;
        if (text.IsEmpty)
            return true;
        while (true)
        {
            var colon = text.IndexOf(':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInIPv4 && group.Contains('.'))
            {
                count += 2;
                bits <<= 32;
                var dotted = TryParseIPv4(group, out var number);
                bits |= number;
                return dotted && count <= GroupCount;
            }
            if (group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return false;
            if (++count > GroupCount)
                return false;
            bits = (bits << 16) | value;
            if (colon < 0)
                return true;
            text = text[(colon + 1)..];
        }
    }

    internal static string Format(IpAddress address)
    {
        Span<char> text = stackalloc char[48];
        var length = address.Family switch
        {
            IpFamily.IPv4 => FormatIPv4((uint)address.Bits, text),
            IpFamily.IPv6 => FormatIPv6(address, text),
            _ => 0,
        };
        return new string(text[..length]);
    }

    private static int FormatIPv4(uint number, Span<char> text)
    {
        text.TryWrite(CultureInfo.InvariantCulture, $"{number >> 24}.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}", out var length);
        return length;
    }

    // RFC 5952: lower case, no leading zeros, "::" for the longest run of two or more zero groups (the first such run), and
    // the dotted form for IPv4-mapped addresses.
    private static int FormatIPv6(IpAddress address, Span<char> text)
    {
        if (address.IsIPv4Mapped)
        {
            "::ffff:".CopyTo(text);
            return 7 + FormatIPv4((uint)address.Bits, text[7..]);
        }
        var (start, run) = LongestZeroRun(address.Bits);
        var length = 0;
        for (var i = 0; i < GroupCount; i++)
        {
            if (i == start)
            {
                "::".CopyTo(text[length..]);
                length += 2;
                i += run - 1;
                continue;
            }
            if (i > 0 && i != start + run)
                text[length++] = ':';
            Group(address.Bits, i).TryFormat(text[length..], out var written, "x", CultureInfo.InvariantCulture);
            length += written;
        }
        return length;
    }

    private static ushort Group(UInt128 bits, int index) => (ushort)(bits >> (16 * (GroupCount - 1 - index)));

    private static (int Start, int Length) LongestZeroRun(UInt128 bits)
    {
        var best = (Start: -1, Length: 1);
        for (var i = 0; i < GroupCount; i++)
        {
            var end = i;
            while (end < GroupCount && Group(bits, end) == 0)
                end++;
            if (end - i > best.Length)
                best = (i, end - i);
            i = Math.Max(i, end - 1);
        }
        return best.Start < 0 ? (-1, 0) : best;
    }
}
