using System.Globalization;
using Insula.Engine.Containers;

namespace Insula.Engine.Beancounters;

/// <summary>
/// Reads the files of <see cref="BeancounterFile"/>, ours or those of an OpenVZ host, as the old vzubc does: a number with a colon opens a
/// block, rows of resources that are not known are passed over, so are dummies.
/// </summary>
public static class BeancounterFileParser
{
    private const int Figures = 5;

    /// <summary>Reads a whole file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="nameOfFile">What messages call it.</param>
    /// <param name="owner">Whose the rows are if no number stands in the file: that of /proc/bc/CTID/resources.</param>
    /// <exception cref="InsulaException">21: it is no such file.</exception>
    public static IReadOnlyList<Beancounter> Parse(string text, string nameOfFile, Ctid owner = default)
    {
        var blocks = new List<(Ctid Ctid, List<BeancounterReading> Rows)>();
        var first = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                continue;
            if (first && line.StartsWith("Version:") && line["Version:".Length..].Trim() is not "2.5")
                throw Bad(nameOfFile, $"its version is {ValueText(line["Version:".Length..])}, not 2.5");
            if (!(first && line.StartsWith("Version:")) && !IsHeader(line))
                AddLine(line, blocks, nameOfFile, owner);
            first = false;
        }
        return first
            ? throw Bad(nameOfFile, "it is empty")
            : [.. blocks.Select(block => new Beancounter(block.Ctid, Complete(block.Rows)))];
    }

    private static bool IsHeader(ReadOnlySpan<char> line) => line.TrimStart().StartsWith("uid ");

    private static void AddLine(ReadOnlySpan<char> line, List<(Ctid Ctid, List<BeancounterReading> Rows)> blocks, string nameOfFile, Ctid owner)
    {
        var colon = line.IndexOf(':');
        if (colon >= 0)
        {
            if (!Ctid.TryParse(line[..colon].Trim(), out var ctid))
                throw Bad(nameOfFile, $"{ValueText(line[..colon])} is no container's number");
            blocks.Add((ctid, []));
            line = line[(colon + 1)..];
        }
        else if (blocks.Count == 0)
        {
            blocks.Add((owner, []));
        }
        if (ParseRow(line, nameOfFile) is { } row)
            blocks[^1].Rows.Add(row);
    }

    private static BeancounterReading? ParseRow(ReadOnlySpan<char> line, string nameOfFile)
    {
        Span<Range> words = stackalloc Range[Figures + 2];
        if (line.SplitAny(words, " \t", StringSplitOptions.RemoveEmptyEntries) != Figures + 1)
            throw Bad(nameOfFile, $"{ValueText(line)} is no row of a beancounter");
        if (BeancounterResources.Find(line[words[0]].ToString()) is not { } resource)
            return null;
        Span<long> figures = stackalloc long[Figures];
        for (var i = 0; i < Figures; i++)
        {
            if (!ulong.TryParse(line[words[i + 1]], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw Bad(nameOfFile, $"{ValueText(line[words[i + 1]])} is no number");
            figures[i] = (long)Math.Min(value, long.MaxValue);
        }
        return new BeancounterReading(resource, figures[0], figures[1], figures[2], figures[3], figures[4]);
    }

    private static List<BeancounterReading> Complete(List<BeancounterReading> rows)
    {
        var complete = new List<BeancounterReading>(BeancounterResources.All.Count);
        foreach (var resource in BeancounterResources.All)
        {
            var found = rows.FindIndex(row => row.Resource == resource);
            if (found >= 0)
                complete.Add(rows[found]);
        }
        return complete;
    }

    private static string ValueText(ReadOnlySpan<char> text) => Parameters.ValueKind.Quote(text.Trim().ToString());

    private static InsulaException Bad(string file, string why) => new(ExitCode.BadValue, $"{file} holds no beancounters: {why}");
}
