namespace Insula.Engine.Templates;

/// <summary>
/// A template's name, OSTEMPLATE: letters, digits, '.', '_', '-' and '+', at most 128 characters, not starting with '-' (an
/// option) or '.' (a hidden or special file).
/// </summary>
public readonly record struct TemplateName : IComparable<TemplateName>
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 128;

    private readonly string? _value;

    private TemplateName(string value) => _value = value;

    /// <summary>The name; empty only for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes a valid name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TemplateName name)
    {
        var valid = text.Length is > 0 and <= MaxLength && text[0] is not ('-' or '.');
        foreach (var character in text)
            valid &= char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+';
        name = valid ? new TemplateName(text.ToString()) : default;
        return valid;
    }

    /// <summary>Takes a valid name.</summary>
    /// <exception cref="InsulaException">It is none (21).</exception>
    public static TemplateName Parse(string text)
        => TryParse(text, out var name)
            ? name
            : throw new InsulaException(
                ExitCode.BadValue,
                $"'{Linux.FileTrees.EntryName.Display(Linux.FileTrees.EntryName.Of(text), 80)}' is not a template name",
                $"use up to {MaxLength} letters, digits and . _ - + and start with a letter, a digit, _ or +");

    /// <inheritdoc/>
    public int CompareTo(TemplateName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    public static bool operator <(TemplateName left, TemplateName right) => left.CompareTo(right) < 0;

    public static bool operator >(TemplateName left, TemplateName right) => left.CompareTo(right) > 0;

    public static bool operator <=(TemplateName left, TemplateName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TemplateName left, TemplateName right) => left.CompareTo(right) >= 0;
}
