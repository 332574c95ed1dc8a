using Insula.Engine.Parameters;

namespace Insula.Engine.Planning;

/// <summary>Use of RAM, or of swap, in bytes.</summary>
/// <param name="Used">Now.</param>
/// <param name="Peak">The most since the start.</param>
/// <param name="Limit">The limit; <see cref="BarrierLimit.Unlimited"/> for none.</param>
/// <param name="Fails">How often it was reached.</param>
public readonly record struct MemoryUse(long Used, long Peak, long Limit, long Fails)
{
    /// <summary>True if there is no limit.</summary>
    public bool IsUnlimited => Limit == BarrierLimit.Unlimited;

    /// <summary>Both together. One without a limit adds none: a sum of limits says what has been sold.</summary>
    public MemoryUse Plus(MemoryUse other) => new(
        Saturated(Used, other.Used),
        Saturated(Peak, other.Peak),
        Saturated(IsUnlimited ? 0 : Limit, other.IsUnlimited ? 0 : other.Limit),
        Saturated(Fails, other.Fails));

    private static long Saturated(long one, long other) => (long)Int128.Min((Int128)one + other, long.MaxValue);
}
