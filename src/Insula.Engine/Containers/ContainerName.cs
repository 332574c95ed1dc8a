using System.Text;

namespace Insula.Engine.Containers;

/// <summary>
/// A container's name, which may stand wherever a CTID may: letters and digits of any script, blank and <c>- + _ .</c>,
/// at most 64 characters. It is also a file name below names/ and never looks like a number or an option.
/// </summary>
public sealed record ContainerName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumLength = 64;

    private const int MaximumBytes = 255; // NAME_MAX

    private ContainerName(string value) => Value = value;

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <returns>Null, or why the text is no name.</returns>
    public static string? TryParse(string text, out ContainerName? name)
    {
        name = null;
        var why = WhyNot(text);
        if (why is null)
            name = new ContainerName(text);
        return why;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? WhyNot(string text)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Length > MaximumLength || Encoding.UTF8.GetByteCount(text) > MaximumBytes)
            return $"it is longer than {MaximumLength} characters or {MaximumBytes} bytes";
        if (text is "." or "..")
            return "it is a directory's name";
        if (text[0] == '-')
            return "it starts like an option";
        if (text[0] == ' ' || text[^1] == ' ')
            return "it starts or ends with a blank";
        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return "it is a number";
        foreach (var rune in text.EnumerateRunes())
        {
            // U+FFFD stands for bytes that were no UTF-8; it is no letter.
            if (!Rune.IsLetterOrDigit(rune) && rune.Value is not (' ' or '-' or '+' or '_' or '.'))
                return "it holds a character other than letters, digits, blank and - + _ .";
        }
        return null;
    }
}
