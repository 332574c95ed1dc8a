using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// systemd-networkd (systemd.network(5)). KeepConfiguration makes it take over what the host has set up on venet0 before init ran, instead of
/// clearing it, also when it is restarted or stopped.
/// </summary>
internal sealed class Networkd : INetworkService
{
    private static readonly OwnFiles s_files = new("etc/systemd/network", "10-insula-", ".network");

    /// <inheritdoc/>
    public string Name => "systemd-networkd";

    /// <summary>It is on most systems with systemd, and counts only where it is enabled.</summary>
    public ServiceState Look(ContainerFiles files)
        => BootServices.Starts(files, "systemd-networkd") || BootServices.IsAlias(files, "dbus-org.freedesktop.network1", "systemd-networkd")
            ? ServiceState.Active
            : s_files.Names(files).Any() ? ServiceState.Present : ServiceState.Missing;

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
        => s_files.Sync(files, interfaces.ToDictionary(link => link.Name, Text));

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => Set(files, []);

    private static string Text(InterfaceSettings link)
    {
        var text = new StringBuilder($"{GeneratedFile.Mark}\n[Match]\nName={link.Name}\n\n[Network]\n");
        if (link.IsRouted)
            text.Append("KeepConfiguration=yes\nLinkLocalAddressing=no\n");
        if (link.Dhcp4 || link.Dhcp6)
            text.Append($"DHCP={(link.Dhcp4 && link.Dhcp6 ? "yes" : link.Dhcp4 ? "ipv4" : "ipv6")}\n");
        text.Append($"IPv6AcceptRA={(link.Auto6 ? "yes" : "no")}\n");
        foreach (var prefix in link.Addresses)
        {
            text.Append($"\n[Address]\nAddress={prefix.Address}/{prefix.Length}\n");
            // systemd 252 sets an address again and again, and gives up, if the one that is there has another broadcast address than it would take.
            if (link.IsRouted)
                text.Append(prefix.Address.Family == IpFamily.IPv6 ? "DuplicateAddressDetection=none\n" : "Broadcast=no\n");
        }
        foreach (var route in link.DefaultRoutes())
            AddRoute(text, route);
        // Nobody announces that there is a server.
        if (link.Dhcp6 && !link.Auto6)
            text.Append("\n[DHCPv6]\nWithoutRA=solicit\n");
        return text.ToString();
    }

    private static void AddRoute(StringBuilder text, DefaultRoute route)
    {
        text.Append($"\n[Route]\nDestination={route.Destination}\n");
        if (route.Gateway is { } gateway)
            text.Append($"Gateway={gateway}\n{(route.OnLink ? "" : "GatewayOnLink=yes\n")}");
        else if (route.Family == IpFamily.IPv4)
            text.Append("Scope=link\n");
    }
}
