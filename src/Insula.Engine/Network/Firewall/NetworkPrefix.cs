using System.Globalization;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>A network, or an address, that packets come from or go to: <c>10.0.0.0/8</c>, <c>2001:db8::1</c>. No bit is set behind the prefix.</summary>
/// <param name="Address">Its first address.</param>
/// <param name="Length">Bits of the prefix, 0 to 32 or 128.</param>
public readonly record struct NetworkPrefix(IpAddress Address, int Length)
{
    /// <summary>Its protocol.</summary>
    public IpFamily Family => Address.Family;

    /// <summary>Its last address.</summary>
    public IpAddress Last => new(Family, Address.Bits | Mask(Address.BitCount, Length));

    /// <summary>True if it and another one have an address in common.</summary>
    public bool Overlaps(NetworkPrefix other)
        => Family == other.Family && Address.Bits <= other.Last.Bits && other.Address.Bits <= Last.Bits;

    /// <summary>Reads one.</summary>
    /// <returns>Null, or what it is instead: "not an IPv4 or IPv6 address".</returns>
    public static string? TryParse(string text, out NetworkPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
            return "not an IPv4 or IPv6 address";
        if (address.IsIPv4Mapped)
            return "an IPv4-mapped address; write it as IPv4";
        var length = address.BitCount;
        if (slash >= 0 && (text.Length - slash > 4 || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > address.BitCount))
            return $"not a network: the length of the prefix is not a number up to {address.BitCount}";
        if ((address.Bits & Mask(address.BitCount, length)) != 0)
            return $"not a network: bits are set behind /{length}; the network is {new IpAddress(address.Family, address.Bits & ~Mask(address.BitCount, length))}/{length}";
        prefix = new NetworkPrefix(address, length);
        return null;
    }

    /// <summary>The ranges of addresses of one protocol, with what overlaps or touches joined.</summary>
    public static IReadOnlyList<NftRange> Ranges(IEnumerable<NetworkPrefix> prefixes, IpFamily family)
    {
        var largest = family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;
        var joined = new List<(UInt128 First, UInt128 Last)>();
        foreach (var prefix in prefixes.Where(prefix => prefix.Family == family).OrderBy(prefix => prefix.Address.Bits))
        {
            var last = prefix.Last.Bits;
            if (joined.Count > 0 && (joined[^1].Last == largest || prefix.Address.Bits <= joined[^1].Last + 1))
                joined[^1] = (joined[^1].First, UInt128.Max(joined[^1].Last, last));
            else
                joined.Add((prefix.Address.Bits, last));
        }
        return [.. joined.Select(range => new NftRange(
            NftKey.Of(new IpAddress(family, range.First)), range.Last == largest ? null : NftKey.Of(new IpAddress(family, range.Last + 1))))];
    }

    /// <inheritdoc/>
    public override string ToString() => Length == Address.BitCount ? Address.ToString() : $"{Address}/{Length}";

    // The bits behind the prefix.
    private static UInt128 Mask(int bits, int length) => length == bits ? 0 : bits - length == 128 ? UInt128.MaxValue : (UInt128.One << (bits - length)) - 1;
}
