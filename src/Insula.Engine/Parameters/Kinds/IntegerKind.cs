using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>A whole number between two bounds, in decimal digits.</summary>
/// <param name="minimum">The smallest value.</param>
/// <param name="maximum">The largest value.</param>
/// <param name="unlimited">What the word "unlimited" stands for, or null when it is not accepted.</param>
public sealed class IntegerKind(long minimum, long maximum, long? unlimited = null) : ValueKind<long>
{
    /// <inheritdoc/>
    public override string Accepts
        => $"a whole number from {minimum} to {maximum}{(unlimited is null ? "" : ", or unlimited")}";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out long value)
    {
        value = unlimited ?? 0;
        if (unlimited is not null && text.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
            return null;
        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return "not a whole number";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value > maximum)
            return $"above {maximum}";
        return value < minimum ? $"below {minimum}" : null;
    }

    /// <inheritdoc/>
    public override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
