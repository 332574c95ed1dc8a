using System.Globalization;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Networks;

/// <summary>wicked of SUSE (ifcfg(5), ifroute(5)), and the scripts before it: /etc/sysconfig/network/ifcfg-NAME and ifroute-NAME.</summary>
internal sealed class Wicked : INetworkService
{
    private const string Directory = "etc/sysconfig/network";

    private static readonly BlockFiles s_settings = new(Directory, "ifcfg-");
    private static readonly BlockFiles s_routes = new(Directory, "ifroute-");

    /// <inheritdoc/>
    public string Name => "wicked";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        // On Red Hat's systems this is a file.
        if (!files.IsDirectory(Directory))
            return ServiceState.Missing;
        if (BootServices.IsAlias(files, "network", "wicked") || BootServices.Starts(files, "wicked") || BootServices.Starts(files, "network"))
            return ServiceState.Active;
        return BootServices.HasProgram(files, "usr/sbin/wicked", $"{Directory}/scripts/ifup", "sbin/ifup") ? ServiceState.Present : ServiceState.Missing;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
    {
        var routes = new Dictionary<string, List<string>>();
        foreach (var link in interfaces)
        {
            var lines = link.DefaultRoutes().SelectMany(route => Routes(link, route)).ToList();
            if (lines.Count > 0)
                routes[link.Name] = lines;
        }
        var changed = s_settings.Sync(files, interfaces.ToDictionary(link => link.Name, Settings));
        return s_routes.Sync(files, routes) || changed;
    }

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => Set(files, []);

    private static List<string> Settings(InterfaceSettings link)
    {
        var protocol = (link.Dhcp4, link.Dhcp6) switch
        {
            (true, true) => "dhcp",
            (true, false) => "dhcp4",
            (false, true) => "dhcp6",
            _ => "static",
        };
        var lines = new List<string> { "STARTMODE='auto'", $"BOOTPROTO='{protocol}'" };
        if (link.IsRouted)
            lines.Add("CHECK_DUPLICATE_IP='no'");
        var number = 0;
        foreach (var prefix in link.Addresses)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"IPADDR_{number++}='{prefix.Address}/{prefix.Length}'"));
        return lines;
    }

    // "default GATEWAY - eth0"; a hyphen is what is not given.
    private static IEnumerable<string> Routes(InterfaceSettings link, DefaultRoute route)
    {
        if (route is { OnLink: false, Gateway: { } outside })
            yield return $"{outside}/{outside.BitCount} - - {link.Name}";
        yield return $"{(route.Family == IpFamily.IPv4 ? "default" : "::/0")} {route.Gateway?.ToString() ?? "-"} - {link.Name}";
    }
}
