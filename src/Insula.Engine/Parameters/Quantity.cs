namespace Insula.Engine.Parameters;

/// <summary>
/// The number grammar of beancounters: <c>4096</c>, <c>2.2G</c>, <c>512m</c>, <c>100P</c> (pages), <c>unlimited</c>.
/// A suffix is one of T G M K P B in either case.
/// </summary>
internal static class Quantity
{
    /// <summary>Bytes in a page of the beancounters' count, whatever the kernel's own page size is.</summary>
    public const long PageSize = 4096;

    private const string Grammar = "not a number with an optional suffix";
    private const int LongestText = 64;

    /// <summary>Reads one quantity into <paramref name="unit"/>. What is no whole page or block counts as one; fractions of a native unit are cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unit">The native unit.</param>
    /// <param name="allowUnlimited">Whether "unlimited" is a value.</param>
    /// <param name="value">The value; LONG_MAX for "unlimited" and for what does not fit.</param>
    /// <param name="cut">True when it did not fit.</param>
    /// <returns>Null, or why the text is no quantity.</returns>
    public static string? TryParse(ReadOnlySpan<char> text, ResourceUnit unit, bool allowUnlimited, out long value, out bool cut)
    {
        value = 0;
        cut = false;
        if (text.IsEmpty || text.Length > LongestText)
            return text.IsEmpty ? "a number is missing" : "too long for a number";
        if (text.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            value = BarrierLimit.Unlimited;
            return allowUnlimited ? null : "\"unlimited\" is not possible here";
        }
        var suffix = char.IsAsciiLetter(text[^1]) ? char.ToUpperInvariant(text[^1]) : '\0';
        if (suffix != '\0' && unit == ResourceUnit.Items)
            return "a count takes no suffix";
        if (BytesOf(suffix) is not { } multiplier)
            return $"the suffix {text[^1]} is none of T G M K P B";
        if (!TrySplit(suffix == '\0' ? text : text[..^1], out var whole, out var fraction, out var scale))
            return Grammar;
        if (suffix == '\0')
            return Store(whole, out value, out cut);
        var size = (UInt128)NativeSize(unit);
        var bytes = Saturated(whole, multiplier) + (UInt128)fraction * (UInt128)multiplier / scale;
        return Store((bytes + size - 1) / size, out value, out cut);
    }

    /// <summary>Bytes of a native unit.</summary>
    public static long NativeSize(ResourceUnit unit) => unit switch
    {
        ResourceUnit.Pages => PageSize,
        ResourceUnit.KiB => 1024,
        _ => 1,
    };

    private static long? BytesOf(char suffix) => suffix switch
    {
        '\0' or 'B' => 1,
        'P' => PageSize,
        'K' => 1L << 10,
        'M' => 1L << 20,
        'G' => 1L << 30,
        'T' => 1L << 40,
        _ => null,
    };

    /// <summary>Digits with at most one point between them: "2.2" gives 2, 2 and 10.</summary>
    private static bool TrySplit(ReadOnlySpan<char> text, out UInt128 whole, out ulong fraction, out ulong scale)
    {
        (whole, fraction, scale) = (0, 0, 1);
        var point = text.IndexOf('.');
        var before = point < 0 ? text : text[..point];
        var after = point < 0 ? [] : text[(point + 1)..];
        if (before.IsEmpty || before.ContainsAnyExceptInRange('0', '9') || after.ContainsAnyExceptInRange('0', '9') || (point >= 0 && after.IsEmpty))
            return false;
        foreach (var digit in before)
            whole = UInt128.Min(whole * 10 + (UInt128)(digit - '0'), (UInt128)ulong.MaxValue * 2);
        foreach (var digit in after[..Math.Min(after.Length, 15)])
            (fraction, scale) = (fraction * 10 + (ulong)(digit - '0'), scale * 10);
        return true;
    }

    private static UInt128 Saturated(UInt128 whole, long multiplier) => whole * (UInt128)multiplier; // < 2^65 * 2^40

    private static string? Store(UInt128 amount, out long value, out bool cut)
    {
        cut = amount > (UInt128)long.MaxValue;
        value = cut ? long.MaxValue : (long)amount;
        return null;
    }
}
