using System.Text;

namespace Insula.Engine.Configuration;

/// <summary>
/// Text between double quotes as sh(1) reads it: a backslash takes the meaning from <c>" $ `</c> and itself and is plain before
/// anything else. Action scripts, init scripts and panels source configuration files, so what is written here must come out
/// of a shell unchanged, and must never run as a command.
/// </summary>
internal static class ShellText
{
    private const string Special = "\"$`\\";

    /// <summary>Writes <paramref name="value"/> so that it may stand between double quotes.</summary>
    /// <param name="value">One line of text.</param>
    /// <param name="keepVeid">Leave $VEID and ${VEID} for the shell to replace: VE_ROOT and VE_PRIVATE only.</param>
    public static string Escape(string value, bool keepVeid)
    {
        if (value.AsSpan().IndexOfAny(Special) < 0)
            return value;
        var text = new StringBuilder(value.Length + 8);
        for (var i = 0; i < value.Length; i++)
        {
            if (Special.Contains(value[i], StringComparison.Ordinal) && !(keepVeid && VeidPattern.VariableLength(value.AsSpan(i)) > 0))
                text.Append('\\');
            text.Append(value[i]);
        }
        return text.ToString();
    }

    /// <summary>The opposite of <see cref="Escape"/>.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && Special.Contains(text[i + 1], StringComparison.Ordinal))
                i++;
            value.Append(text[i]);
        }
        return value.ToString();
    }

    /// <summary>Why <paramref name="value"/> cannot stand in a configuration file, or null.</summary>
    public static string? WhyNotStorable(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is '\n' or '\r')
                return "it holds a line break";
            if (value[i] == '\0')
                return "it holds a NUL character";
            if (!char.IsSurrogate(value[i]))
                continue;
            if (!char.IsSurrogatePair(value, i))
                return "it is no valid Unicode text";
            i++;
        }
        return null;
    }
}
