namespace Insula.Engine.Templates.Building;

/// <summary>Where Debian packages come from.</summary>
/// <param name="Main">Mirror of the archive.</param>
/// <param name="Security">Mirror of the security updates.</param>
public readonly record struct DebianMirrors(string Main, string Security)
{
    private const string DefaultMain = "http://deb.debian.org/debian";
    private const string DefaultSecurity = "http://deb.debian.org/debian-security";

    /// <summary>The mirrors that this host uses itself, so that a local mirror or cache serves templates too.</summary>
    public static DebianMirrors OfHost()
    {
        var mirrors = new List<(string Uri, string Suite)>();
        TakeFile("/etc/apt/sources.list", mirrors);
        if (Directory.Exists("/etc/apt/sources.list.d"))
        {
            foreach (var path in Directory.EnumerateFiles("/etc/apt/sources.list.d").Order(StringComparer.Ordinal))
                TakeFile(path, mirrors);
        }

        return Choose(mirrors);
    }

    /// <summary>A mirror's address as it can stand in a line of sources.list: http or https, nothing that could end the word.</summary>
    /// <exception cref="InsulaException">It cannot (21).</exception>
    public static string Check(string mirror)
        => IsUsable(mirror)
            ? mirror
            : throw new InsulaException(
                ExitCode.BadValue,
                $"'{Linux.FileTrees.EntryName.Display(Linux.FileTrees.EntryName.Of(mirror), 100)}' is not the address of a Debian mirror",
                "give an address such as http://deb.debian.org/debian");

    /// <summary>Reads sources in apt's older form, one a line: <c>deb [signed-by=...] http://deb.debian.org/debian trixie main</c>.</summary>
    internal static void ParseList(string text, List<(string Uri, string Suite)> mirrors)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = new Queue<string>(line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (!words.TryDequeue(out var type) || type != "deb")
                continue;
            if (words.TryPeek(out var option) && option.StartsWith('['))
            {
                while (words.TryDequeue(out option) && !option.EndsWith(']'))
                {
                }
            }

            if (words.TryDequeue(out var uri) && words.TryDequeue(out var suite))
                mirrors.Add((uri, suite));
        }
    }

    /// <summary>Reads sources in apt's newer form: paragraphs of fields (sources.list(5), deb822 style).</summary>
    internal static void ParseParagraphs(string text, List<(string Uri, string Suite)> mirrors)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n').Append(""))
        {
            if (line.StartsWith('#'))
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Trim().Length == 0)
            {
                TakeParagraph(fields, mirrors);
                fields.Clear();
            }
            else if (colon > 0 && !char.IsWhiteSpace(line[0]))
            {
                fields[line[..colon].Trim()] = line[(colon + 1)..];
            }
        }
    }

    /// <summary>The first address for a Debian suite, and the first for its security updates.</summary>
    internal static DebianMirrors Choose(IEnumerable<(string Uri, string Suite)> mirrors)
    {
        string? main = null, security = null;
        foreach (var (uri, suite) in mirrors)
        {
            if (!IsUsable(uri))
                continue;
            if (IsSuite(suite, "-security") || IsSuite(suite, "/updates"))
                security ??= uri;
            else if (IsSuite(suite, ""))
                main ??= uri;
        }

        return new DebianMirrors(main ?? DefaultMain, security ?? DefaultSecurity);
    }

    private static void TakeFile(string path, List<(string Uri, string Suite)> mirrors)
    {
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path);
        // A file of either form may be found under either name on machines that were upgraded by hand.
        ParseList(text, mirrors);
        ParseParagraphs(text, mirrors);
    }

    private static void TakeParagraph(Dictionary<string, string> fields, List<(string Uri, string Suite)> mirrors)
    {
        if (!Words("Types").Contains("deb") || Words("Enabled") is ["no" or "false" or "0"])
            return;
        foreach (var uri in Words("URIs"))
        {
            foreach (var suite in Words("Suites"))
                mirrors.Add((uri, suite));
        }

        string[] Words(string field)
            => fields.TryGetValue(field, out var value) ? value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
    }

    private static bool IsSuite(string suite, string ending)
        => suite.EndsWith(ending, StringComparison.Ordinal)
            && suite[..^ending.Length] is "bullseye" or "bookworm" or "trixie" or "forky" or "duke" or "sid"
                or "oldoldstable" or "oldstable" or "stable" or "testing" or "unstable";

    private static bool IsUsable(string uri)
    {
        if (uri.Length > 500 || !uri.StartsWith("http://", StringComparison.Ordinal) && !uri.StartsWith("https://", StringComparison.Ordinal))
            return false;
        foreach (var character in uri)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"-._~:/%+,=@".Contains(character, StringComparison.Ordinal))
                return false;
        }

        return Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0;
    }
}
