using Insula.Engine.Network;

namespace Insula.Engine.Distributions;

/// <summary>/etc/hosts, as text (hosts(5)).</summary>
internal static class HostsFile
{
    // What vzctl put before its line for the host name; the line after it is replaced by ours.
    private const string OldMark = "# Auto-generated hostname. Please do not remove this comment.";

    /// <summary>
    /// Adds our line for the host name: <c>10.0.0.5 web.example.com web</c>. Without an address it is 127.0.1.1, as Debian does.
    /// </summary>
    public static string WithHostName(string text, string hostName, IReadOnlyList<IpPrefix> addresses)
    {
        text = WithoutOldMark(text);
        if (hostName is "localhost" or "localhost.localdomain")
            return MarkedBlock.Replace(text, []);
        var address = addresses.Count == 0 ? "127.0.1.1" : addresses[0].Address.ToString();
        var dot = hostName.IndexOf('.', StringComparison.Ordinal);
        var names = dot < 0 ? hostName : $"{hostName} {hostName[..dot]}";
        return MarkedBlock.Replace(text, [$"{address}\t{names}"]);
    }

    /// <summary>Adds what is missing of localhost for IPv4 and IPv6.</summary>
    public static string WithLocalhost(string text)
    {
        var missing = "";
        if (!HasLine(text, "127.0.0.1", "localhost"))
            missing = "127.0.0.1\tlocalhost\n";
        if (!HasLine(text, "::1", null))
            missing += "::1\tlocalhost ip6-localhost ip6-loopback\n";
        return missing + text;
    }

    // "127.0.0.1  localhost localhost.localdomain  # comment"
    private static bool HasLine(string text, string address, string? name)
    {
        foreach (var line in MarkedBlock.Lines(text))
        {
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? line : line[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[0] == address && (name == null || Array.IndexOf(words, name, 1) > 0))
                return true;
        }
        return false;
    }

    private static string WithoutOldMark(string text)
    {
        if (!text.Contains(OldMark, StringComparison.Ordinal))
            return text;
        var lines = MarkedBlock.Lines(text);
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].TrimEnd() != OldMark)
                continue;
            // Its own line follows directly, unless somebody has put another comment or nothing there.
            if (i + 1 < lines.Count && lines[i + 1].Length > 0 && char.IsAsciiLetterOrDigit(lines[i + 1][0]))
                lines.RemoveAt(i + 1);
            lines.RemoveAt(i);
        }
        return lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
    }
}
