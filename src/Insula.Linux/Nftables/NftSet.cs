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

    /// <summary>
    /// What nft(8) keeps with a set to print it: which parts are in this machine's byte order (libnftnl's udata.h: type, length, a number of four bytes;
    /// type 0 is the key's order, 1 the data's; 1 means the machine's). The kernel does not look at it. Empty where nft(8) knows by itself.
    /// </summary>
    internal byte[] UserData =>
    [
        .. Key is [NftType.LinkName or NftType.Mark] ? s_keyInHostOrder : [],
        .. MapsToMark ? s_dataInHostOrder : [],
    ];

    private static readonly byte[] s_keyInHostOrder = [0, 4, .. BitConverter.GetBytes(1u)];
    private static readonly byte[] s_dataInHostOrder = [1, 4, .. BitConverter.GetBytes(1u)];

    /// <summary>Bytes of one part.</summary>
    public static int SizeOf(NftType type) => type switch
    {
        NftType.Address6 or NftType.LinkName => 16,
        NftType.MacAddress => 6,
        NftType.EtherType => 2,
        _ => 4,
    };
}
