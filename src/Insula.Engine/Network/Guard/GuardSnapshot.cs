using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Guard;

/// <summary>The table as the kernel has it, read once: to find what belongs to a container, and what is missing.</summary>
internal sealed class GuardSnapshot
{
    private readonly Dictionary<string, IReadOnlyList<NftElement>> _elements = [];
    private readonly Dictionary<string, HashSet<string>> _keys = [];

    public GuardSnapshot(NftSocket socket)
    {
        foreach (var set in GuardTable.LinkSets)
            Read(socket, set);
        Segments = _elements[GuardTable.Segments.Name].ToDictionary(element => NftKey.LinkOf(element.Key), element => element.Mark ?? GuardTable.Routing);
        foreach (var segment in Segments.Values.Append(GuardTable.Routing).Distinct())
        {
            Read(socket, GuardTable.Owned(segment, IpFamily.IPv4));
            Read(socket, GuardTable.Owned(segment, IpFamily.IPv6));
        }
    }

    /// <summary>The segment of each link.</summary>
    public IReadOnlyDictionary<string, uint> Segments { get; }

    private void Read(NftSocket socket, NftSet set)
    {
        var elements = socket.Elements(GuardTable.Table, set);
        _elements.Add(set.Name, elements);
        _keys.Add(set.Name, [.. elements.Select(element => Convert.ToHexString(element.Key))]);
    }

    /// <summary>True if a set has a key.</summary>
    public bool Has(NftSet set, byte[] key) => _keys.TryGetValue(set.Name, out var keys) && keys.Contains(Convert.ToHexString(key));

    /// <summary>The links that count for a container.</summary>
    public IReadOnlyList<string> LinksOf(Ctid ctid)
        => [.. _elements[GuardTable.Drops[GuardReason.Source].Name]
            .Where(element => element.Counter is { } counter && GuardTable.TryParseCounter(counter, out var owner, out _) && owner == ctid)
            .Select(element => NftKey.LinkOf(element.Key)).Distinct()];

    /// <summary>True if everything of a link but its chain is there.</summary>
    public bool IsWhole(GuardedLink link)
        => Has(GuardTable.Segments, NftKey.Of(link.Link))
            && GuardTable.Reasons.All(reason => Has(GuardTable.Drops[reason], NftKey.Of(link.Link)))
            && GuardEntries.Of(link).All(entry => Has(entry.Set, entry.Key));

    /// <summary>Takes everything of these links out of the sets. An address that another link may use stays owned.</summary>
    public void Forget(NftTransaction changes, IReadOnlyList<string> links)
    {
        var gone = SegmentsOnlyOf(links);
        foreach (var segment in gone)
            GuardTable.DeleteSegment(changes, segment);
        foreach (var (segment, address) in OwnedBy(links).Where(entry => !gone.Contains(entry.Segment)))
        {
            var (set, key) = GuardEntries.Owned(segment, address);
            if (Has(set, key))
                changes.DeleteElements(GuardTable.Table, set, [key]);
        }
        foreach (var set in GuardTable.LinkSets)
            changes.DeleteElements(GuardTable.Table, set, [.. _elements[set.Name].Where(element => IsOf(element, links)).Select(element => element.Key)]);
    }

    /// <summary>The addresses that other links may use.</summary>
    public HashSet<IpAddress> UsedElsewhere(string link)
    {
        var used = new HashSet<IpAddress>();
        foreach (var element in SourcesOf(IpFamily.IPv4).Concat(SourcesOf(IpFamily.IPv6)))
        {
            if (NftKey.LinkOf(element.Key) != link && NftKey.TryAddressOf(element.Key, out var address))
                used.Add(address);
        }
        return used;
    }

    private HashSet<(uint Segment, IpAddress Address)> OwnedBy(IReadOnlyList<string> links)
    {
        var owned = new HashSet<(uint, IpAddress)>();
        var others = new HashSet<IpAddress>();
        foreach (var element in SourcesOf(IpFamily.IPv4).Concat(SourcesOf(IpFamily.IPv6)))
        {
            if (!NftKey.TryAddressOf(element.Key, out var address))
                continue;
            var link = NftKey.LinkOf(element.Key);
            if (links.Contains(link))
                owned.Add((Segments.GetValueOrDefault(link), address));
            else
                others.Add(address);
        }
        owned.RemoveWhere(entry => others.Contains(entry.Item2));
        return owned;
    }

    // The sets of a bridge go with its last link; those of what is routed stay.
    private HashSet<uint> SegmentsOnlyOf(IReadOnlyList<string> links)
    {
        var gone = Segments.Where(entry => links.Contains(entry.Key)).Select(entry => entry.Value).ToHashSet();
        gone.ExceptWith(Segments.Where(entry => !links.Contains(entry.Key)).Select(entry => entry.Value));
        gone.Remove(GuardTable.Routing);
        return gone;
    }

    private IReadOnlyList<NftElement> SourcesOf(IpFamily family) => _elements[(family == IpFamily.IPv4 ? GuardTable.Sources4 : GuardTable.Sources6).Name];

    private static bool IsOf(NftElement element, IReadOnlyList<string> links) => links.Contains(NftKey.LinkOf(element.Key));
}
