namespace Insula.Linux.Nftables;

/// <summary>An element of a set or map.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Mark">What a map to marks has for it.</param>
/// <param name="Counter">The counter that a map to counters has for it.</param>
public sealed record NftElement(byte[] Key, uint? Mark, string? Counter)
{
    /// <summary>What nft(8) shows as its comment.</summary>
    public string? Comment { get; init; }
}
