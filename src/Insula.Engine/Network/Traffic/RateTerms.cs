namespace Insula.Engine.Network.Traffic;

/// <summary>What a rate is to be.</summary>
/// <param name="Kilobits">The rate, 1000 bits a second.</param>
/// <param name="Ceiling">What it may have beyond, with the rate.</param>
/// <param name="Smallest">Bytes that the smallest packet counts as.</param>
/// <param name="HasShare">True if it is a part of what all share.</param>
internal readonly record struct RateTerms(long Kilobits, long Ceiling, int Smallest, bool HasShare);
