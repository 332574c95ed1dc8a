using System.Globalization;
using System.Numerics;

using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>
/// An address of a container with the length of its network's prefix, as in <c>--ipadd 10.0.0.5/24</c> and IP_ADDRESS. The
/// bits after the prefix are the host's and are kept. Only addresses that a container can have: no multicast, loopback,
/// broadcast, unspecified, IPv4-mapped or IPv6 link-local ones, no zone.
/// </summary>
public readonly record struct IpPrefix
{
    private IpPrefix(IpAddress address, int length)
    {
        Address = address;
        Length = length;
    }

    /// <summary>The address.</summary>
    public IpAddress Address { get; }

    /// <summary>Bits of the network part, 1 to 32 or 128. Without a mask the whole address.</summary>
    public int Length { get; }

    /// <summary>Takes <c>10.0.0.5</c>, <c>10.0.0.5/24</c>, <c>10.0.0.5/255.255.255.0</c>, <c>2001:db8::5</c>, <c>2001:db8::5/64</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix) => Read(text, out prefix) is null;

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="InsulaException">BadAddress, with what is wrong.</exception>
    public static IpPrefix Parse(string text)
        => Read(text, out var prefix) is { } problem ? throw Bad(text, problem) : prefix;

    /// <summary>
    /// Takes the value of IP_ADDRESS: prefixes divided by blanks, each address once. A sample's "0.0.0.0" means none and is left out.
    /// </summary>
    /// <exception cref="InsulaException">BadAddress, with what is wrong.</exception>
    public static IReadOnlyList<IpPrefix> ParseList(string text)
    {
        var list = new List<IpPrefix>();
        foreach (var range in text.AsSpan().SplitAny(' ', '\t'))
        {
            var item = text[range];
            if (item.Length == 0 || item == "0.0.0.0")
                continue;
            var prefix = Parse(item);
            if (!list.Exists(known => known.Address == prefix.Address))
                list.Add(prefix);
        }
        return list;
    }

    /// <summary>The canonical form; without a length if that is the whole address.</summary>
    public override string ToString() => Length == Address.BitCount ? Address.ToString() : $"{Address}/{Length}";

    private static InsulaException Bad(string text, string problem)
        => new(ExitCode.BadAddress, $"Bad IP address \"{text}\": {problem}", "write it as 10.0.0.5, 10.0.0.5/24 or 2001:db8::5/64");

    /// <summary>Null if it is right, else what is wrong with it, as the end of a sentence.</summary>
    internal static string? Read(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
            return "not an IPv4 or IPv6 address";
        if (Unusable(address) is { } problem)
            return problem;
        var length = address.BitCount;
        if (slash >= 0 && !TryParseMask(text[(slash + 1)..], address.Family, out length))
            return "not a prefix length or mask";
        prefix = new IpPrefix(address, length);
        return null;
    }

    private static string? Unusable(IpAddress address) => address switch
    {
        { IsUnspecified: true } => "the unspecified address",
        { IsLoopback: true } => "a loopback address",
        { IsMulticast: true } => "a multicast address",
        { IsIPv4Mapped: true } => "an IPv4-mapped address; write it as IPv4",
        { Family: IpFamily.IPv6, IsLinkLocal: true } => "a link-local address",
        { Family: IpFamily.IPv4 } when address.Bits == uint.MaxValue => "the broadcast address",
        { Family: IpFamily.IPv4 } when address.Bits >> 24 == 0 => "an address of \"this network\"",
        _ => null,
    };

    // "24" or, for IPv4, "255.255.255.0", whose ones must be in one piece at the left.
    private static bool TryParseMask(ReadOnlySpan<char> text, IpFamily family, out int length)
    {
        length = 0;
        if (family == IpFamily.IPv4 && text.Contains('.'))
        {
            if (!IpAddress.TryParse(text, out var mask) || mask.Family != IpFamily.IPv4)
                return false;
            var zeros = ~(uint)mask.Bits;
            length = BitOperations.LeadingZeroCount(zeros);
            return length > 0 && (zeros & (zeros + 1)) == 0;
        }
        return text.Length is > 0 and <= 3 && text[0] != '0'
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= (family == IpFamily.IPv4 ? 32 : 128);
    }
}
