using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// /etc/network/interfaces of ifupdown and its kin, as text (interfaces(5)). The host has set venet0 up before init runs. ifupdown's method
/// "static" would add the addresses a second time, fail with "File exists" and take networking.service with it; so the method is
/// "manual" and each line replaces and may fail: <c>ifup -a</c>, <c>ifdown venet0; ifup venet0</c> and
/// <c>systemctl restart networking</c> all end with the same addresses and routes.
/// </summary>
internal static class InterfacesFile
{
    /// <summary>
    /// Brings our block to these interfaces. What others (the old vzctl) wrote for venet0 goes; what they wrote for another of them is
    /// commented out as long as it is ours to configure.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="interfaces">All that are configured from the host.</param>
    /// <param name="knowsNoDad">True if the container's ip(8) can be told that an IPv6 address is nobody else's.</param>
    public static string WithInterfaces(string text, IReadOnlyList<InterfaceSettings> interfaces, bool knowsNoDad = true)
    {
        text = InterfaceStanzas.Adjust(text, [.. interfaces.Where(link => !link.IsRouted).Select(link => link.Name)]);
        var foreign = MarkedBlock.ForeignLines(text);
        var block = new List<string>();
        if (!InterfaceStanzas.Has(foreign, "iface", "lo"))
            block.AddRange(["auto lo", "iface lo inet loopback"]);
        foreach (var link in interfaces)
        {
            if (!InterfaceStanzas.Has(foreign, "auto", link.Name))
                block.Add($"auto {link.Name}");
            Add(block, link, knowsNoDad);
        }
        return MarkedBlock.Replace(text, block);
    }

    /// <summary>Takes out our block, and lets what was commented out count again.</summary>
    public static string WithoutOurs(string text)
        => InterfaceStanzas.MentionsUs(text) ? MarkedBlock.Replace(InterfaceStanzas.Adjust(text, []), []) : text;

    private static void Add(List<string> block, InterfaceSettings link, bool knowsNoDad)
    {
        block.Add($"iface {link.Name} inet {(link.Dhcp4 ? "dhcp" : "manual")}");
        if (!link.Dhcp4)
            block.Add($"\tup ip link set dev {link.Name} up || true");
        foreach (var prefix in link.Addresses)
        {
            block.Add(prefix.Address.Family == IpFamily.IPv6
                ? $"\tup ip -6 addr replace {prefix.Address}/{prefix.Length} dev {link.Name}{(knowsNoDad && link.IsRouted ? " nodad" : "")} || true"
                : $"\tup ip addr replace {prefix.Address}/{prefix.Length} dev {link.Name} || true");
        }
        foreach (var route in link.DefaultRoutes())
            block.Add($"\tup ip {(route.Family == IpFamily.IPv6 ? "-6 " : "")}route replace {route.IpRouteWords(link.Name)} || true");
        if (!link.IsRouted && !link.Dhcp4)
            block.Add($"\tdown ip addr flush dev {link.Name} || true");
        if (link.Auto6)
            block.Add($"iface {link.Name} inet6 auto");
        if (link.Dhcp6)
            block.Add(link.Auto6 ? "\tdhcp 1" : $"iface {link.Name} inet6 dhcp");
    }
}
