using Insula.Engine.Network;

namespace Insula.Engine.Distributions;

/// <summary>The stanzas of /etc/network/interfaces that are not ours.</summary>
internal static class InterfaceStanzas
{
    // Before each line of a stanza that does not count while the interface is configured from the host.
    private const string Held = "#Insula: ";

    /// <summary>True if there is anything of ours in the file.</summary>
    public static bool MentionsUs(string text)
        => text.Contains(MarkedBlock.Begin, StringComparison.Ordinal) || text.Contains(Held, StringComparison.Ordinal);

    /// <summary>
    /// Takes out stanzas of venet0 and its aliases, comments out those of <paramref name="held"/>, and puts those back that were commented out
    /// for an interface that is not held any more. A stanza goes from "iface venet0:0 inet static" to the next line that begins one; comments
    /// and blank lines in it stay.
    /// </summary>
    public static string Adjust(string text, IReadOnlyList<string> held)
    {
        var kept = new List<string>();
        var (ours, now) = (false, Treatment.Keep);
        foreach (var line in MarkedBlock.Lines(text))
        {
            ours = line == MarkedBlock.Begin || (ours && line != MarkedBlock.End);
            if (ours || line == MarkedBlock.End)
            {
                now = Treatment.Keep;
                kept.Add(line);
            }
            else if (Line(line.StartsWith(Held, StringComparison.Ordinal) ? line[Held.Length..] : line, held, ref now) is { } rest)
            {
                kept.Add(rest);
            }
        }
        // As it was, where there was nothing to do: with the last newline, or without.
        return kept.SequenceEqual(MarkedBlock.Lines(text)) ? text : string.Join('\n', kept) + "\n";
    }

    /// <summary>True if one of the lines begins so and names the interface: <c>auto lo eth0</c>.</summary>
    public static bool Has(List<string> lines, string keyword, string name)
    {
        foreach (var line in lines)
        {
            var words = Words(line);
            if (words.Length > 1 && (words[0] == keyword || (keyword == "auto" && words[0] == "allow-auto"))
                && Array.IndexOf(words, name, 1, keyword == "iface" ? 1 : words.Length - 1) > 0)
                return true;
        }
        return false;
    }

    private static string? Line(string line, IReadOnlyList<string> held, ref Treatment now)
    {
        var words = Words(line);
        if (words.Length == 0 || words[0][0] == '#')
            return line;
        if (BeginsStanza(words[0]))
        {
            now = words[0] != "iface" || words.Length < 2 ? Treatment.Keep
                : IsVenet(words[1]) ? Treatment.Drop
                : held.Contains(words[1]) ? Treatment.Hold
                : Treatment.Keep;
            if (words[0] == "auto" || words[0].StartsWith("allow-", StringComparison.Ordinal))
                return WithoutVenet(line, words);
        }
        return now switch
        {
            Treatment.Drop => null,
            Treatment.Hold => Held + line,
            _ => line,
        };
    }

    // "auto lo venet0 venet0:0" becomes "auto lo"; a line that named venet0 alone goes.
    private static string? WithoutVenet(string line, string[] words)
    {
        var rest = Array.FindAll(words, word => !IsVenet(word));
        if (rest.Length == words.Length)
            return line;
        return rest.Length == 1 ? null : string.Join(' ', rest);
    }

    private static bool IsVenet(string name)
        => name == VenetName.Inside || name.StartsWith(VenetName.Inside + ":", StringComparison.Ordinal);

    private static bool BeginsStanza(string word)
        => word is "iface" or "auto" or "mapping" or "source" or "source-directory" or "template" or "rename"
            || word.StartsWith("allow-", StringComparison.Ordinal) || word.StartsWith("no-", StringComparison.Ordinal);

    private static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private enum Treatment
    {
        Keep,
        Drop,
        Hold,
    }
}
