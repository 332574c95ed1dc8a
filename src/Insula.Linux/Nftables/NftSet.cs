namespace Insula.Linux.Nftables;

/// <summary>A named set, or a map, looked up by a hash: the time does not depend on how many elements it has.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Key">What a key is made of. Each part begins at a multiple of four bytes.</param>
public sealed record NftSet(string Name, params IReadOnlyList<NftType> Key)
{
    /// <summary>True for a map to a mark, a number of four bytes.</summary>
    public bool MapsToMark { get; init; }

    /// <summary>True for a map to named counters.</summary>
    public bool MapsToCounter { get; init; }

    /// <summary>Bytes of a key.</summary>
    public int KeyLength => Key.Count == 1 ? SizeOf(Key[0]) : Key.Sum(part => (SizeOf(part) + 3) & ~3);

    // nft(8) writes the types of a concatenation in six bits each.
    internal uint KeyType => Key.Aggregate(0u, (type, part) => (type << 6) | (uint)part);

    /// <summary>Bytes of one part.</summary>
    public static int SizeOf(NftType type) => type switch
    {
        NftType.Address6 or NftType.LinkName => 16,
        NftType.MacAddress => 6,
        NftType.EtherType => 2,
        _ => 4,
    };
}
