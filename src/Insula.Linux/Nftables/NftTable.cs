namespace Insula.Linux.Nftables;

/// <summary>A table's name; there may be one of the same name in each family.</summary>
/// <param name="Family">Its family.</param>
/// <param name="Name">Its name.</param>
public readonly record struct NftTable(NftFamily Family, string Name)
{
    /// <summary>As nft(8) names it: <c>netdev insula</c>.</summary>
    public override string ToString() => $"{Family.ToString().ToLowerInvariant()} {Name}";
}
