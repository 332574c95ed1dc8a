using System.Globalization;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// The network service of Red Hat's initscripts: /etc/sysconfig/network-scripts/ifcfg-NAME and route-NAME. Where NetworkManager runs instead,
/// as on newer systems, that is told.
/// </summary>
internal sealed class NetworkScripts : INetworkService
{
    private const string Directory = "etc/sysconfig/network-scripts";

    private static readonly BlockFiles s_settings = new(Directory, "ifcfg-");
    private static readonly BlockFiles s_routes4 = new(Directory, "route-");
    private static readonly BlockFiles s_routes6 = new(Directory, "route6-");

    /// <inheritdoc/>
    public string Name => "network-scripts";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        if (!BootServices.HasProgram(files, $"{Directory}/ifup-eth", "etc/rc.d/init.d/network"))
            return ServiceState.Missing;
        return BootServices.Starts(files, "network") ? ServiceState.Active : ServiceState.Present;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
    {
        var changed = RemoveOldAliases(files);
        changed |= s_settings.Sync(files, interfaces.ToDictionary(link => link.Name, Settings));
        changed |= s_routes4.Sync(files, Routes(interfaces, IpFamily.IPv4));
        return s_routes6.Sync(files, Routes(interfaces, IpFamily.IPv6)) | changed;
    }

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files)
        => s_settings.Sync(files, new Dictionary<string, List<string>>())
            | s_routes4.Sync(files, new Dictionary<string, List<string>>())
            | s_routes6.Sync(files, new Dictionary<string, List<string>>());

    // vzctl wrote one per address: ifcfg-venet0:0.
    private static bool RemoveOldAliases(ContainerFiles files)
    {
        var changed = false;
        foreach (var name in files.List(Directory))
        {
            if (name.StartsWith("ifcfg-venet0:", StringComparison.Ordinal))
                changed |= files.Remove($"{Directory}/{name}");
        }
        return changed;
    }

    private static List<string> Settings(InterfaceSettings link)
    {
        var lines = new List<string>
        {
            $"DEVICE={link.Name}", "ONBOOT=yes", "NM_CONTROLLED=no", $"BOOTPROTO={(link.Dhcp4 ? "dhcp" : "none")}",
        };
        if (link.IsRouted)
            lines.Add("ARPCHECK=no"); // nobody would answer
        var number = 0;
        foreach (var prefix in link.Of(IpFamily.IPv4))
        {
            var suffix = number++ == 0 ? "" : (number - 1).ToString(CultureInfo.InvariantCulture);
            lines.AddRange([$"IPADDR{suffix}={prefix.Address}", $"PREFIX{suffix}={prefix.Length}"]);
        }
        // Default routes are in route-NAME, which also takes those into the device; one of the owner's own would come in their way.
        lines.Add("GATEWAY=");
        AddIPv6(lines, link);
        return lines;
    }

    private static void AddIPv6(List<string> lines, InterfaceSettings link)
    {
        if (!link.Has(IpFamily.IPv6))
            return;
        lines.AddRange(["IPV6INIT=yes", $"IPV6_AUTOCONF={(link.Auto6 ? "yes" : "no")}", $"DHCPV6C={(link.Dhcp6 ? "yes" : "no")}", "IPV6_DEFAULTGW="]);
        var addresses = link.Of(IpFamily.IPv6).Select(prefix => $"{prefix.Address}/{prefix.Length}").ToList();
        if (addresses.Count > 0)
            lines.AddRange([$"IPV6ADDR={addresses[0]}", $"IPV6ADDR_SECONDARIES=\"{string.Join(' ', addresses.Skip(1))}\""]);
    }

    // Each line is given to "ip route add".
    private static Dictionary<string, List<string>> Routes(IReadOnlyList<InterfaceSettings> interfaces, IpFamily family)
    {
        var routes = new Dictionary<string, List<string>>();
        foreach (var link in interfaces)
        {
            foreach (var route in link.DefaultRoutes())
            {
                if (route.Family == family)
                    routes[link.Name] = [route.IpRouteWords(link.Name)];
            }
        }
        return routes;
    }
}
