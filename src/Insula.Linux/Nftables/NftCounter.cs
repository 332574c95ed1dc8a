namespace Insula.Linux.Nftables;

/// <summary>A named counter of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Packets">Packets counted.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct NftCounter(string Name, ulong Packets, ulong Bytes);
