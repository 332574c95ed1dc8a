namespace Insula.Cli.Output;

/// <summary>
/// Text that a container, a template or a configuration file may have written, made fit for a terminal or a log: one line, no
/// control characters that move the cursor, change colours or forge a second line.
/// </summary>
internal static class PlainText
{
    /// <summary>The text with every control character replaced by "?"; the same object when there is none.</summary>
    public static string OneLine(string text)
    {
        foreach (var c in text)
        {
            if (IsUnfit(c))
                return string.Create(text.Length, text, Replace);
        }
        return text;
    }

    private static void Replace(Span<char> target, string text)
    {
        for (var i = 0; i < text.Length; i++)
            target[i] = text[i] is '\n' or '\t' ? ' ' : IsUnfit(text[i]) ? '?' : text[i];
    }

    // Besides control characters, the ones that reorder what is shown (Unicode TR 9) and the line separators.
    private static bool IsUnfit(char c)
        => char.IsControl(c) || c is '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
