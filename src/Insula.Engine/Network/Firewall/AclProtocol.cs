using System.Globalization;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>A protocol above IP.</summary>
/// <param name="Number">Its number (IANA); null: any.</param>
public readonly record struct AclProtocol(byte? Number)
{
    public const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58;

    private static readonly (string Name, byte Number)[] s_known = [("tcp", Tcp), ("udp", Udp), ("icmp", Icmp), ("icmpv6", Icmp6), ("sctp", 132), ("udplite", 136)];

    /// <summary>Every protocol.</summary>
    public static AclProtocol Any => default;

    /// <summary>What is accepted.</summary>
    public const string Accepts = "tcp, udp, icmp, icmpv6, sctp, udplite, any or a number up to 255";

    /// <summary>True if it has ports where TCP has them.</summary>
    public bool HasPorts => Number is Tcp or Udp or 132 or 136;

    /// <summary>The only IP protocol below it; null: both.</summary>
    public IpFamily? Family => Number switch
    {
        Icmp => IpFamily.IPv4,
        Icmp6 => IpFamily.IPv6,
        _ => null,
    };

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out AclProtocol protocol)
    {
        protocol = default;
        if (text == "any")
            return true;
        foreach (var (name, number) in s_known)
        {
            if (text != name)
                continue;
            protocol = new AclProtocol(number);
            return true;
        }
        if (!byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var other))
            return false;
        protocol = new AclProtocol(other);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Number is not { } number)
            return "any";
        foreach (var (name, known) in s_known)
        {
            if (known == number)
                return name;
        }
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
