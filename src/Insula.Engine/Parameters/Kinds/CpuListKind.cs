using System.Globalization;
using System.Text;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// A set of CPU or memory node numbers, <c>0-2,7</c>, or a word such as <c>all</c>. Kept as text with the numbers sorted and
/// joined, as cpuset files take it.
/// </summary>
/// <param name="words">The words that stand for a set.</param>
public sealed class CpuListKind(params string[] words) : ValueKind<string>
{
    private const int Bits = 4096;

    /// <inheritdoc/>
    public override string Accepts => $"numbers and ranges such as 0-2,7 below {Bits}, or {string.Join(" or ", words)}";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        if (words.Contains(text, StringComparer.Ordinal))
            return null;
        var members = new bool[Bits];
        foreach (var part in text.AsSpan().Split(','))
        {
            if (AddRange(text.AsSpan()[part], members) is { } why)
                return why;
        }
        value = Join(members);
        return null;
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;

    private static string? AddRange(ReadOnlySpan<char> text, bool[] members)
    {
        var dash = text.IndexOf('-');
        if (!TryNumber(dash < 0 ? text : text[..dash], out var first) || !TryNumber(dash < 0 ? text : text[(dash + 1)..], out var last))
            return $"not a list of numbers and ranges below {Bits}";
        if (first > last)
            return "a range runs backwards";
        members.AsSpan(first, last - first + 1).Fill(true);
        return null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Bits;

    private static string Join(bool[] members)
    {
        var text = new StringBuilder();
        for (var first = 0; first < Bits; first++)
        {
            if (!members[first])
                continue;
            var last = first;
            while (last + 1 < Bits && members[last + 1])
                last++;
            text.Append(text.Length > 0 ? "," : "").Append(first);
            if (last > first)
                text.Append('-').Append(last);
            first = last;
        }
        return text.ToString();
    }
}
