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

    /// <summary>True for a map to jumps into other chains.</summary>
    public bool MapsToVerdict { get; init; }

    /// <summary>What a map to values has for a key; empty for a set.</summary>
    public IReadOnlyList<NftType> Data { get; init; } = [];

    /// <summary>True for a set whose elements are ranges, found by a tree.</summary>
    public bool HasRanges { get; init; }

    /// <summary>For a set that rules add to: how long an element stays after it was last used, where the rule does not say.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The most elements that rules may add; 0: no bound.</summary>
    public uint MaximumSize { get; init; }

    /// <summary>Bytes of a value.</summary>
    public int DataLength => Length(Data);

    internal uint Flags
        => (MapsToMark || MapsToVerdict || Data.Count > 0 ? NftValue.SetMap : 0) | (MapsToCounter ? NftValue.SetObject : 0) | (HasRanges ? NftValue.SetInterval : 0)
            | (Timeout is null ? 0 : NftValue.SetTimeout | NftValue.SetEvaluated);

    /// <summary>Bytes of a key.</summary>
    public int KeyLength => Length(Key);

    // nft(8) writes the types of a concatenation in six bits each.
    internal uint KeyType => Concatenated(Key);

    internal uint DataType => Concatenated(Data);

    private static uint Concatenated(IReadOnlyList<NftType> parts) => parts.Aggregate(0u, (type, part) => (type << 6) | (uint)part);

    private static int Length(IReadOnlyList<NftType> parts) => parts.Count == 1 ? SizeOf(parts[0]) : parts.Sum(part => (SizeOf(part) + 3) & ~3);

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
        NftType.EtherType or NftType.Port => 2,
        NftType.TransportProtocol or NftType.IcmpType or NftType.Icmp6Type => 1,
        _ => 4,
    };
}
