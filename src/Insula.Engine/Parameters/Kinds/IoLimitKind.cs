using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// Bytes per second with an optional suffix B K M G, whole numbers only, at most INT_MAX; 0 or <c>unlimited</c>: no limit.
/// Without a suffix the command line means megabytes and the file means bytes: OpenVZ's users rely on both.
/// </summary>
/// <param name="megabytes">True for the command line.</param>
public sealed class IoLimitKind(bool megabytes) : ValueKind<long>
{
    /// <inheritdoc/>
    public override string Accepts
        => $"a whole number of {(megabytes ? "MB" : "bytes")} per second or with a suffix B K M G, 0 or unlimited: no limit";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out long value)
    {
        value = 0;
        if (text.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
            return null;
        var suffix = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? char.ToUpperInvariant(text[^1]) : '\0';
        var digits = suffix == '\0' ? text.AsSpan() : text.AsSpan(0, text.Length - 1);
        var shift = suffix switch
        {
            'B' => 0,
            'K' => 10,
            'M' => 20,
            'G' => 30,
            '\0' => megabytes ? 20 : 0,
            _ => -1,
        };
        if (shift < 0)
            return "the suffix is none of B K M G";
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return "not a whole number";
        var fits = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= int.MaxValue >> shift;
        if (!fits)
            context.Note?.Invoke($"{Quote(text)} is too large and was cut to {int.MaxValue} bytes per second");
        value = fits ? value << shift : int.MaxValue;
        return null;
    }

    /// <inheritdoc/>
    public override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
