using System.Text;

namespace Insula.Engine.Distributions;

/// <summary>The lines in somebody else's file that are ours, between two comment lines. All other lines stay as they are.</summary>
internal static class MarkedBlock
{
    internal const string Begin = "# Insula: begin";
    internal const string End = "# Insula: end";

    /// <summary>
    /// Puts <paramref name="lines"/> where the block is, or at the end; no lines take the block out. A beginning without an end is a
    /// block somebody broke: only the mark itself goes, since what follows may be his.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="lines">What the block is to hold.</param>
    /// <param name="title">What the block is about, where a file has several; empty for the usual one.</param>
    public static string Replace(string text, IReadOnlyList<string> lines, string title = "")
    {
        var (begin, end) = (BeginOf(title), EndOf(title));
        var result = new StringBuilder(text.Length + 128);
        var placed = lines.Count == 0;
        var source = Lines(text);
        for (var i = 0; i < source.Count; i++)
        {
            if (source[i] != begin)
            {
                if (source[i] != end)
                    result.Append(source[i]).Append('\n');
                continue;
            }
            if (!placed)
                Append(result, lines, begin, end);
            placed = true;
            if (EndAfter(source, i, begin, end) is >= 0 and var last)
                i = last;
        }
        if (!placed)
            Append(result, lines, begin, end);
        return result.ToString();
    }

    /// <summary>As <see cref="Replace"/>, with the block at the end, where in a file of assignments the last word is.</summary>
    public static string AtEnd(string text, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 && !text.Contains(Begin, StringComparison.Ordinal))
            return text;
        return Replace(Replace(text, []), lines);
    }

    /// <summary>The lines inside of our block.</summary>
    public static List<string> OwnLines(string text)
    {
        var lines = Lines(text);
        var begin = lines.IndexOf(Begin);
        var end = begin < 0 ? -1 : EndAfter(lines, begin, Begin, End);
        return end < 0 ? [] : lines[(begin + 1)..end];
    }

    /// <summary>The lines of a text.</summary>
    public static List<string> Lines(string text)
    {
        var lines = new List<string>(text.Split('\n'));
        // A text that ends with a newline has no last empty line.
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>The lines outside of our block.</summary>
    public static List<string> ForeignLines(string text) => Lines(Replace(text, []));

    /// <summary>The comment line that a block begins with.</summary>
    public static string BeginOf(string title) => title.Length == 0 ? Begin : $"# Insula {title}: begin";

    private static string EndOf(string title) => title.Length == 0 ? End : $"# Insula {title}: end";

    private static void Append(StringBuilder result, IReadOnlyList<string> lines, string begin, string end)
    {
        result.Append(begin).Append('\n');
        foreach (var line in lines)
            result.Append(line).Append('\n');
        result.Append(end).Append('\n');
    }

    private static int EndAfter(List<string> source, int start, string begin, string end)
    {
        for (var i = start + 1; i < source.Count && source[i] != begin; i++)
        {
            if (source[i] == end)
                return i;
        }
        return -1;
    }
}
