using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>N[:N]</c>: barrier and limit. One number sets both.</summary>
/// <param name="unit">What a number without suffix counts.</param>
/// <param name="allowUnlimited">Whether "unlimited" is a value.</param>
/// <param name="ordered">Whether the first must not be above the second, as a soft limit must not be above the hard one.</param>
public sealed class BarrierLimitKind(ResourceUnit unit, bool allowUnlimited = true, bool ordered = false) : ValueKind<BarrierLimit>
{
    /// <inheritdoc/>
    public override string Accepts
        => $"N or N:N, {UnitText}{(allowUnlimited ? ", or unlimited" : "")}";

    private string UnitText => unit switch
    {
        ResourceUnit.Items => "whole numbers",
        ResourceUnit.Pages => "in pages or with a suffix T G M K P B",
        ResourceUnit.KiB => "in KiB or with a suffix T G M K P B",
        _ => "in bytes or with a suffix T G M K P B",
    };

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out BarrierLimit value)
    {
        value = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var barrierText = colon < 0 ? text : text.AsSpan(0, colon);
        if (Quantity.TryParse(barrierText, unit, allowUnlimited, out var barrier, out var cut) is { } whyBarrier)
            return whyBarrier;
        var limit = barrier;
        if (colon >= 0)
        {
            if (Quantity.TryParse(text.AsSpan(colon + 1), unit, allowUnlimited, out limit, out var limitCut) is { } whyLimit)
                return whyLimit;
            cut |= limitCut;
        }
        if (ordered && barrier > limit)
            return "the soft limit is above the hard limit";
        if (cut)
            context.Note?.Invoke($"{Quote(text)} is too large and was cut to {long.MaxValue}");
        value = new BarrierLimit(barrier, limit);
        return null;
    }

    /// <inheritdoc/>
    // libvirt drops the whole value unless both halves of DISKSPACE and PRIVVMPAGES are decimal numbers, so amounts of memory
    // and disk are stored as a pair of plain numbers, LONG_MAX included. Counts keep the short form that OpenVZ writes.
    public override string Format(BarrierLimit value) => unit == ResourceUnit.Items
        ? value.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{value.Barrier}:{value.Limit}");
}
