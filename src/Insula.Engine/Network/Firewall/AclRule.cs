using System.Globalization;
using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>
/// A rule of a container's outside firewall: <c>in allow tcp port=22,80,8000-8100 from=10.0.0.0/8,@office log</c>. The first that fits a packet decides.
/// </summary>
/// <param name="Direction">Which way the packets go.</param>
/// <param name="Allows">True if they may pass, false if they are dropped.</param>
/// <param name="Protocol">Their protocol.</param>
public sealed record AclRule(AclDirection Direction, bool Allows, AclProtocol Protocol)
{
    private const int MostPorts = 64;
    private const int MostAddresses = 64;
    private const int MostPosition = 10_000;

    /// <summary>What is accepted.</summary>
    public const string Accepts = "in|out allow|deny PROTOCOL [port=PORT,FIRST-LAST,...] [from=ADDRESS,@SET,...] [to=ADDRESS,@SET,...] [log] [at=NUMBER]";

    /// <summary>The ports that they go to; empty: any.</summary>
    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    /// <summary>Where they come from; empty: anywhere.</summary>
    public IReadOnlyList<AclAddress> From { get; init; } = [];

    /// <summary>Where they go to; empty: anywhere.</summary>
    public IReadOnlyList<AclAddress> To { get; init; } = [];

    /// <summary>True if they are logged.</summary>
    public bool Logs { get; init; }

    /// <summary>Only in a change: which place among the rules it takes, from 1; null: the last. In a removal: which rule goes; 0: all.</summary>
    public int? Position { get; init; }

    /// <summary>The direction as it is written.</summary>
    public string DirectionName => Direction == AclDirection.In ? "in" : "out";

    /// <summary>The action as it is written.</summary>
    public string ActionName => Allows ? "allow" : "deny";

    /// <summary>The names of the sets that it refers to.</summary>
    public IEnumerable<string> Sets => From.Concat(To).Where(address => address.Network is null).Select(address => address.Set).Distinct();

    /// <summary>True if it fits packets of an IP protocol.</summary>
    public bool IsAbout(IpFamily family)
        => (Protocol.Family ?? family) == family && Fits(From, family) && Fits(To, family);

    private static bool Fits(IReadOnlyList<AclAddress> addresses, IpFamily family)
        => addresses.Count == 0 || addresses.Any(address => (address.Network?.Family ?? family) == family);

    /// <summary>Reads one.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out AclRule rule)
    {
        rule = new AclRule(AclDirection.In, Allows: false, AclProtocol.Any);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 3)
            return "direction, action and protocol are needed";
        if (words[0] is not ("in" or "out"))
            return $"\"{words[0]}\" is neither in nor out";
        if (words[1] is not ("allow" or "deny"))
            return $"\"{words[1]}\" is neither allow nor deny";
        if (!AclProtocol.TryParse(words[2], out var protocol))
            return $"\"{words[2]}\" is no protocol: {AclProtocol.Accepts}";
        rule = new AclRule(words[0] == "in" ? AclDirection.In : AclDirection.Out, words[1] == "allow", protocol);
        foreach (var word in words.AsSpan(3))
        {
            if (rule.TryAdd(word, out rule) is { } why)
                return why;
        }
        return rule.Problem();
    }

    private string? TryAdd(string word, out AclRule rule)
    {
        rule = this;
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var value = equals < 0 ? "" : word[(equals + 1)..];
        switch (equals < 0 ? word : word[..equals])
        {
            case "log" when equals < 0:
                rule = this with { Logs = true };
                return null;
            case "port":
                return TryPorts(value, out rule);
            case "from":
                return TryAddresses(value, From, out var from) ?? Set(this with { From = from }, out rule);
            case "to":
                return TryAddresses(value, To, out var to) ?? Set(this with { To = to }, out rule);
            case "at" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position is > 0 and <= MostPosition:
                rule = this with { Position = position };
                return null;
            default:
                return $"\"{word}\" is not understood";
        }
    }

    private static string? Set(AclRule value, out AclRule rule)
    {
        rule = value;
        return null;
    }

    private string? TryPorts(string text, out AclRule rule)
    {
        var ports = new List<PortRange>(Ports);
        rule = this;
        foreach (var part in text.Split(','))
        {
            if (!PortRange.TryParse(part, out var range))
                return $"\"{part}\" is not a port from 1 to 65535, or two with a dash, the smaller one first";
            ports.Add(range);
        }
        rule = this with { Ports = ports };
        return ports.Count > MostPorts ? $"more than {MostPorts} ports" : null;
    }

    private static string? TryAddresses(string text, IReadOnlyList<AclAddress> old, out IReadOnlyList<AclAddress> all)
    {
        var list = new List<AclAddress>(old);
        all = list;
        foreach (var part in text.Split(','))
        {
            if (AclAddress.TryParse(part, out var address) is { } why)
                return why;
            if (!list.Contains(address))
                list.Add(address);
        }
        return list.Count > MostAddresses ? $"more than {MostAddresses} addresses; make a set of them (insula net set)" : null;
    }

    private string? Problem()
    {
        if (Ports.Count > 0 && !Protocol.HasPorts)
            return $"{Protocol} has no ports";
        return IsAbout(IpFamily.IPv4) || IsAbout(IpFamily.IPv6) ? null : "no packet has such addresses and protocol: IPv4 and IPv6 are mixed";
    }

    /// <summary>As the file has it, without <see cref="Position"/>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{DirectionName} {ActionName} {Protocol}");
        Add(text, "port", Ports);
        Add(text, "from", From);
        Add(text, "to", To);
        return text.Append(Logs ? " log" : "").ToString();
    }

    private static void Add<T>(StringBuilder text, string key, IReadOnlyList<T> values)
    {
        if (values.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $" {key}={string.Join(',', values)}");
    }
}
