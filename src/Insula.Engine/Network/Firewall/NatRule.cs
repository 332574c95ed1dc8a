using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>A network of containers whose addresses mean nothing outside of the host: what leaves it gets one of the host's.</summary>
/// <param name="Network">The containers' addresses.</param>
public sealed record NatRule(NetworkPrefix Network)
{
    /// <summary>Only what leaves by this link; null: by any.</summary>
    public string? Uplink { get; init; }

    /// <summary>The address that it gets; null: the host's on the link that it leaves by.</summary>
    public IpAddress? To { get; init; }

    /// <summary>Reads NAT of vz.conf: <c>net=10.0.0.0/16,uplink=eth0,to=192.0.2.1;net=fd00::/64</c>.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static IReadOnlyList<NatRule> ParseList(string text)
    {
        var all = new List<NatRule>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            all.Add(Parse(part));
        return all;
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static NatRule Parse(string text)
    {
        NatRule? rule = null;
        foreach (var field in text.Split(',', StringSplitOptions.TrimEntries))
        {
            rule = (field.Split('=', 2), rule) switch
            {
                (["net", var net], null) => new NatRule(ParseNetwork(net)),
                (["uplink", var uplink], not null) => rule with { Uplink = InterfaceName.Parse(uplink).Value },
                (["to", var to], not null) => rule with { To = ParseAddress(to, rule.Network.Family) },
                _ => throw Bad($"\"{field}\" in NAT is not understood"),
            };
        }
        return rule!;
    }

    /// <summary>A network for NAT.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static NetworkPrefix ParseNetwork(string text)
    {
        if (NetworkPrefix.TryParse(text, out var network) is { } why)
            throw Bad($"Bad network \"{text}\": {why}");
        return network.Length > 0 && !network.Address.IsMulticast && !network.Address.IsLoopback ? network : throw Bad($"{text} is no network of containers");
    }

    /// <summary>The address that packets get.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static IpAddress ParseAddress(string text, IpFamily family)
        => IpAddress.TryParse(text, out var address) && address.Family == family && address is { IsUnspecified: false, IsMulticast: false, IsLoopback: false }
            ? address
            : throw Bad($"\"{text}\" is no {family} address of this host");

    /// <inheritdoc/>
    public override string ToString() => $"net={Network}{(Uplink is null ? "" : $",uplink={Uplink}")}{(To is { } to ? $",to={to}" : "")}";

    private static InsulaException Bad(string text)
        => new(ExitCode.BadValue, text, "NAT in vz.conf is net=NETWORK[,uplink=LINK][,to=ADDRESS]; several are divided by semicolons");
}
