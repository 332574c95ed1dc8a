using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>A factor of 0 or more: <c>1.5</c>.</summary>
public sealed class FactorKind : ValueKind<double>
{
    private const double Largest = 1000;

    /// <inheritdoc/>
    public override string Accepts => $"a decimal number from 0 to {Largest}";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out double value)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value))
            return "not a decimal number";
        return value > Largest ? $"above {Largest}" : null;
    }

    /// <inheritdoc/>
    public override string Format(double value) => value.ToString("0.################", CultureInfo.InvariantCulture);
}
