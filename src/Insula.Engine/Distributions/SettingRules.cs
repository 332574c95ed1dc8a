namespace Insula.Engine.Distributions;

/// <summary>
/// What may be written into a container's files. The parameters are checked where they come in; this is the last look before text
/// goes into a file that is read line by line, where a newline or a blank would say something else.
/// </summary>
internal static class SettingRules
{
    private const int LongestHostName = 64; // HOST_NAME_MAX of sethostname(2)
    private const int LongestDomain = 253;
    private const int LongestLabel = 63;

    /// <summary>Throws BadHostName unless it is dot-separated letters, digits, hyphens and underscores.</summary>
    public static void CheckHostName(string name)
    {
        if (name.Length > LongestHostName || !AreLabels(name))
        {
            throw new InsulaException(
                ExitCode.BadHostName, "Bad host name", $"use letters, digits, hyphens and dots, at most {LongestHostName} characters");
        }
    }

    /// <summary>Throws BadValue unless it is a name of letters, digits, hyphens, underscores and dots that the kernel takes.</summary>
    public static void CheckInterfaceName(string name)
    {
        var good = Network.InterfaceName.TryParse(name, out _) && name[0] is not ('.' or '-');
        foreach (var c in name)
            good &= char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
        if (!good)
            throw new InsulaException(ExitCode.BadValue, "Bad name of a network interface", "use letters, digits, '-', '_' and '.', at most 15");
    }

    /// <summary>Throws BadSearchDomain unless each is a domain name.</summary>
    public static void CheckSearchDomains(IReadOnlyList<string> domains)
    {
        foreach (var domain in domains)
        {
            var name = domain.EndsWith('.') ? domain[..^1] : domain;
            if (domain != "." && (name.Length > LongestDomain || !AreLabels(name)))
                throw new InsulaException(ExitCode.BadSearchDomain, "Bad search domain", "use a domain name such as example.com");
        }
    }

    private static bool AreLabels(string name)
    {
        foreach (var range in name.AsSpan().Split('.'))
        {
            var label = name.AsSpan(range);
            if (label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                    return false;
            }
        }
        return true;
    }
}
