using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// <c>150</c>: percent of one CPU, so one and a half CPUs; 0: no limit. <c>50%</c>, with the sign: percent of the whole host,
/// at most 100, which is multiplied by the number of its CPUs. The file always holds the former.
/// </summary>
public sealed class CpuLimitKind : ValueKind<long>
{
    private const long Largest = 1_000_000; // percent: ten thousand CPUs

    /// <inheritdoc/>
    public override string Accepts => "N, percent of one CPU (0: no limit), or N%, percent of all CPUs of the host, up to 100%";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out long value)
    {
        var ofHost = text.EndsWith('%');
        var digits = ofHost ? text.AsSpan(0, text.Length - 1) : text;
        value = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return "not a whole number";
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value > Largest)
            return $"above {Largest}";
        if (!ofHost)
            return null;
        if (value > 100)
            return "above 100%";
        value *= context.HostCpus;
        return null;
    }

    /// <inheritdoc/>
    public override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
