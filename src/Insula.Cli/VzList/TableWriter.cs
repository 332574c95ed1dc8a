using System.Text;
using Insula.Cli.Output;
using Insula.Engine.Containers.Listing;

namespace Insula.Cli.VzList;

/// <summary>
/// Columns separated by one blank, no blank at the end of a line. Numbers are never cut; text is cut to its column's width unless it is in the last
/// column or nothing is to be cut.
/// </summary>
internal static class TableWriter
{
    private const string Unknown = "-";

    /// <summary>Writes the header's line.</summary>
    public static void WriteHeader(TextWriter output, IReadOnlyList<Field> fields)
    {
        var line = new StringBuilder();
        for (var i = 0; i < fields.Count; i++)
            Append(line, fields[i].Header, fields[i].Width, isLast: i == fields.Count - 1);
        output.WriteLine(line.ToString());
    }

    /// <summary>Writes a container's line.</summary>
    public static void WriteRow(TextWriter output, IReadOnlyList<Field> fields, ListedContainer container, bool trim)
    {
        var line = new StringBuilder();
        for (var i = 0; i < fields.Count; i++)
        {
            var isLast = i == fields.Count - 1;
            Append(line, Value(fields[i], container, isLast, trim), fields[i].Width, isLast);
        }
        output.WriteLine(line.ToString());
    }

    private static string Value(Field field, ListedContainer container, bool isLast, bool trim)
    {
        var text = field.Text(container) is { Length: > 0 } known ? PlainText.OneLine(known) : Unknown;
        if (isLast || !field.IsText)
            return text;
        if (field.IsList && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank)
            text = text[..blank];
        return trim ? Cut(text, Math.Abs(field.Width)) : text;
    }

    private static string Cut(string text, int width)
    {
        if (text.Length <= width)
            return text;
        return text[..(char.IsHighSurrogate(text[width - 1]) ? width - 1 : width)];
    }

    private static void Append(StringBuilder line, string text, int width, bool isLast)
    {
        if (line.Length > 0)
            line.Append(' ');
        var padding = Math.Max(0, Math.Abs(width) - text.Length);
        if (width > 0)
            line.Append(' ', padding);
        line.Append(text);
        if (width < 0 && !isLast)
            line.Append(' ', padding);
    }
}
