namespace Insula.Linux.Nftables;

/// <summary>A set of ranges that belongs to one rule: ports, or networks.</summary>
/// <param name="Key">What is compared.</param>
/// <param name="Ranges">Disjoint, ascending; see <see cref="NftRange"/>.</param>
public sealed record NftRangeSet(NftType Key, IReadOnlyList<NftRange> Ranges)
{
    // The kernel puts a number in.
    internal const string Name = "__set%d";

    /// <summary>Given by the transaction.</summary>
    internal uint Id { get; set; }
}

/// <summary>A range of values of equal length in network byte order.</summary>
/// <param name="First">The first value in it.</param>
/// <param name="End">The first value behind it; null: it goes up to the largest.</param>
public readonly record struct NftRange(byte[] First, byte[]? End);
