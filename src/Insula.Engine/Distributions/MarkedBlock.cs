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
    public static string Replace(string text, IReadOnlyList<string> lines)
    {
        var result = new StringBuilder(text.Length + 128);
        var placed = lines.Count == 0;
        var source = Lines(text);
        for (var i = 0; i < source.Count; i++)
        {
            if (source[i] != Begin)
            {
                if (source[i] != End)
                    result.Append(source[i]).Append('\n');
                continue;
            }
            if (!placed)
                Append(result, lines);
            placed = true;
            var end = EndAfter(source, i);
            if (end >= 0)
                i = end;
        }
        if (!placed)
            Append(result, lines);
        return result.ToString();
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

    private static void Append(StringBuilder result, IReadOnlyList<string> lines)
    {
        result.Append(Begin).Append('\n');
        foreach (var line in lines)
            result.Append(line).Append('\n');
        result.Append(End).Append('\n');
    }

    private static int EndAfter(List<string> source, int begin)
    {
        for (var i = begin + 1; i < source.Count && source[i] != Begin; i++)
        {
            if (source[i] == End)
                return i;
        }
        return -1;
    }
}
