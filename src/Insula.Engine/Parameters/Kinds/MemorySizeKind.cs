namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// The value of --ram and --swap: an amount of memory in bytes or with a suffix, rounded up to pages. It becomes a limit
/// with barrier 0, which is how a vswap configuration is written.
/// </summary>
public sealed class MemorySizeKind : ValueKind<BarrierLimit>
{
    /// <inheritdoc/>
    public override string Accepts => "N in bytes or with a suffix T G M K P B, or unlimited";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out BarrierLimit value)
    {
        value = default;
        if (Quantity.TryParse(text, ResourceUnit.Bytes, allowUnlimited: true, out var bytes, out var cut) is { } why)
            return why;
        if (cut)
            context.Note?.Invoke($"{Quote(text)} is too large and was cut to {long.MaxValue}");
        var pages = bytes == BarrierLimit.Unlimited ? bytes : bytes / Quantity.PageSize + (bytes % Quantity.PageSize > 0 ? 1 : 0);
        value = new BarrierLimit(0, pages);
        return null;
    }

    /// <inheritdoc/>
    public override string Format(BarrierLimit value) => $"{value.Barrier}:{value.Limit}";
}
