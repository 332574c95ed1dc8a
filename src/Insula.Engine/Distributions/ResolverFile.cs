using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>/etc/resolv.conf, as text (resolv.conf(5)).</summary>
internal static class ResolverFile
{
    /// <summary>Replaces the lines of each kind that is given, where the first of them stood; options and comments stay.</summary>
    public static string With(string text, IReadOnlyList<IpAddress> servers, IReadOnlyList<string> searchDomains)
    {
        var ours = new List<string>();
        if (searchDomains.Count > 0)
            ours.Add("search " + string.Join(' ', searchDomains));
        foreach (var server in servers)
            ours.Add($"nameserver {server}");
        var result = new List<string>();
        var at = -1;
        foreach (var line in MarkedBlock.Lines(text))
        {
            var keyword = FirstWord(line);
            if ((keyword == "nameserver" && servers.Count > 0) || (keyword is "search" or "domain" && searchDomains.Count > 0))
                at = at < 0 ? result.Count : at;
            else
                result.Add(line);
        }
        result.InsertRange(at < 0 ? result.Count : at, ours);
        return result.Count == 0 ? "" : string.Join('\n', result) + "\n";
    }

    private static string FirstWord(string line)
    {
        var end = line.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? line : line[..end];
    }
}
