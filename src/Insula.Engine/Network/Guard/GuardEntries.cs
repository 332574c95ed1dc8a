using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Guard;

/// <summary>What one link adds to the table: elements of the sets, counters, and a chain of its own of one or two rules.</summary>
internal static class GuardEntries
{
    private static readonly NftTable s_table = GuardTable.Table;

    /// <summary>Everything of a link. Elements and counters that are there already stay; the chain must be new.</summary>
    public static void AddTo(NftTransaction changes, GuardedLink link)
    {
        AddElements(changes, link);
        AddChain(changes, link);
    }

    /// <summary>The chain, whose rules are <see cref="RulesOf"/>.</summary>
    public static void AddChain(NftTransaction changes, GuardedLink link)
    {
        changes.AddIngressChain(s_table, link.Link, link.Link, GuardTable.Priority);
        foreach (var rule in RulesOf(link))
            changes.AddRule(s_table, link.Link, rule);
    }

    /// <summary>The rules of a link's own chain.</summary>
    public static IReadOnlyList<NftRule> RulesOf(GuardedLink link)
    {
        if (link.IsRouted)
            return [new NftRule().Goto(GuardTable.Routed)];
        var rules = new List<NftRule>();
        if (link.Mac is not null)
            rules.Add(new NftRule().Jump(GuardTable.Hardware));
        if (!link.FiltersAddresses)
            return rules;
        rules.Add(new NftRule().Jump(GuardTable.SegmentChain(link.Segment)));
        if (link.Segment != GuardTable.Routing)
            rules.Add(new NftRule().Jump(GuardTable.SegmentChain(GuardTable.Routing)));
        rules.Add(new NftRule().Goto(GuardTable.Addresses));
        return rules;
    }

    /// <summary>Counters and elements.</summary>
    public static void AddElements(NftTransaction changes, GuardedLink link)
    {
        foreach (var reason in GuardTable.Reasons)
        {
            var name = GuardTable.CounterName(link.Ctid, reason);
            changes.AddCounter(s_table, new NftCounter(name, 0, 0));
            changes.AddElement(s_table, GuardTable.Drops[reason], NftKey.Of(link.Link), name);
        }
        changes.AddElement(s_table, GuardTable.Segments, NftKey.Of(link.Link), link.Segment);
        foreach (var group in Of(link).GroupBy(entry => entry.Set.Name))
            changes.AddElements(s_table, group.First().Set, [.. group.Select(entry => entry.Key)]);
    }

    /// <summary>The elements of sets.</summary>
    public static IEnumerable<(NftSet Set, byte[] Key)> Of(GuardedLink link)
    {
        if (link.Mac is { } mac && !link.IsRouted)
            yield return (GuardTable.Macs, NftKey.Of(link.Link, mac));
        if (!link.IsRouted && !link.FiltersAddresses)
            yield break;
        var seen = new HashSet<IpAddress>();
        foreach (var address in link.Addresses.Concat(OwnLinkLocal(link)).Where(seen.Add))
        {
            yield return Source(link, address);
            yield return Owned(link.Segment, address);
        }
        foreach (var address in link.Shared.Where(seen.Add))
            yield return Source(link, address);
        foreach (var address in link.Protected.Where(seen.Add))
            yield return Owned(link.Segment, address);
        if (link.IsRouted)
            yield break;
        var known = link.Addresses.Concat(link.Shared).ToList();
        if (known.Exists(address => address.Family == IpFamily.IPv4))
            yield return (GuardTable.Bound4, NftKey.Of(link.Link));
        if (known.Exists(address => address.Family == IpFamily.IPv6))
            yield return (GuardTable.Bound6, NftKey.Of(link.Link));
    }

    /// <summary>That a link may send from an address.</summary>
    public static (NftSet Set, byte[] Key) Source(GuardedLink link, IpAddress address)
        => (address.Family == IpFamily.IPv4 ? GuardTable.Sources4 : GuardTable.Sources6, NftKey.Of(link.Link, address));

    /// <summary>That an address belongs to somebody.</summary>
    public static (NftSet Set, byte[] Key) Owned(uint segment, IpAddress address) => (GuardTable.Owned(segment, address.Family), NftKey.Of(address));

    // The address that follows from the hardware address (RFC 4291, appendix A), which most systems make themselves.
    private static IEnumerable<IpAddress> OwnLinkLocal(GuardedLink link)
    {
        if (link.IsRouted || link.Mac is not { } mac)
            yield break;
        var identifier = ((mac.Bits >> 24) << 40) | (0xfffeUL << 24) | (mac.Bits & 0xff_ffff);
        yield return new IpAddress(IpFamily.IPv6, new UInt128(0xfe80_0000_0000_0000, identifier ^ 0x0200_0000_0000_0000));
    }
}
