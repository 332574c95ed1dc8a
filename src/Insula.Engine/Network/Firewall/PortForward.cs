using System.Globalization;
using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>Ports of the host that lead to ports of a container: <c>tcp 8080 80</c>, <c>udp 5000-5010 6000-6010 address=192.0.2.1 to=10.0.0.5</c>.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="HostPorts">The host's ports.</param>
/// <param name="Ports">The container's, as many.</param>
public sealed record PortForward(AclProtocol Protocol, PortRange HostPorts, PortRange Ports)
{
    /// <summary>The most ports of one entry.</summary>
    public const int MostPorts = 1024;

    /// <summary>What is accepted.</summary>
    public const string Accepts = "tcp|udp HOSTPORT[-LAST] [PORT[-LAST]] [address=HOSTADDRESS] [to=ADDRESS]";

    /// <summary>The only address of the host where they are forwarded; null: all of them.</summary>
    public IpAddress? Address { get; init; }

    /// <summary>The container's address; null: its first of the same IP protocol.</summary>
    public IpAddress? To { get; init; }

    /// <summary>Only in a removal: all go.</summary>
    public bool IsAll { get; init; }

    /// <summary>True if a connection could be meant by both.</summary>
    public bool Conflicts(PortForward other)
        => Protocol == other.Protocol && HostPorts.Overlaps(other.HostPorts) && (Address is null || other.Address is null || Address == other.Address)
            && (FamilyOf(this) is not { } one || FamilyOf(other) is not { } two || one == two);

    /// <summary>True if a removal means this one.</summary>
    public bool IsMeantBy(PortForward removal)
        => removal.IsAll || (Protocol == removal.Protocol && HostPorts == removal.HostPorts && (removal.Address is null || removal.Address == Address));

    /// <summary>True if it forwards connections of an IP protocol.</summary>
    public bool IsAbout(IpFamily family) => (FamilyOf(this) ?? family) == family;

    private static IpFamily? FamilyOf(PortForward forward) => forward.Address?.Family ?? forward.To?.Family;

    /// <summary>Reads one.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out PortForward forward)
    {
        forward = new PortForward(AclProtocol.Any, default, default);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2)
            return "protocol and port are needed";
        if (words[0] is not ("tcp" or "udp") || !AclProtocol.TryParse(words[0], out var protocol))
            return $"\"{words[0]}\" is neither tcp nor udp";
        if (!PortRange.TryParse(words[1], out var host))
            return $"\"{words[1]}\" is not a port from 1 to 65535, or two with a dash, the smaller one first";
        var ports = host;
        var next = 2;
        if (words.Length > 2 && !words[2].Contains('='))
        {
            next++;
            if (!PortRange.TryParse(words[2], out ports))
                return $"\"{words[2]}\" is not a port from 1 to 65535, or two with a dash, the smaller one first";
        }
        if (ports.Count != host.Count)
            return $"{host} and {ports} are not equally many ports";
        if (host.Count > MostPorts)
            return $"more than {MostPorts} ports";
        forward = new PortForward(protocol, host, ports);
        foreach (var word in words.AsSpan(next))
        {
            if (forward.TryAdd(word, out forward) is { } why)
                return why;
        }
        return forward is { Address: { } address, To: { } to } && address.Family != to.Family ? "address and to are of different IP protocols" : null;
    }

    private string? TryAdd(string word, out PortForward forward)
    {
        forward = this;
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !IpAddress.TryParse(word.AsSpan(equals + 1), out var address))
            return $"\"{word}\" is neither address=ADDRESS nor to=ADDRESS";
        if (address.IsUnspecified || address.IsLoopback || address.IsMulticast || address.IsIPv4Mapped || (address.Family == IpFamily.IPv6 && address.IsLinkLocal))
            return $"{address} is no address that can be forwarded";
        switch (word[..equals])
        {
            case "address":
                forward = this with { Address = address };
                return null;
            case "to":
                forward = this with { To = address };
                return null;
            default:
                return $"\"{word}\" is neither address=ADDRESS nor to=ADDRESS";
        }
    }

    /// <summary>As the file has it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Protocol} {HostPorts}");
        if (Ports != HostPorts)
            text.Append(CultureInfo.InvariantCulture, $" {Ports}");
        if (Address is { } address)
            text.Append(CultureInfo.InvariantCulture, $" address={address}");
        if (To is { } to)
            text.Append(CultureInfo.InvariantCulture, $" to={to}");
        return text.ToString();
    }
}
