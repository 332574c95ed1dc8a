using System.Text;

namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// netctl of Arch Linux (netctl.profile(5)). Its own methods add addresses and fail if they are there; so what it runs replaces.
/// </summary>
internal sealed class Netctl : INetworkService
{
    private const string Wants = "etc/systemd/system/multi-user.target.wants";
    private const string Template = "/usr/lib/systemd/system/netctl@.service";

    // No hyphen: systemd would have it escaped in the unit's name.
    private static readonly OwnFiles s_profiles = new("etc/netctl", "insula_", "");

    /// <inheritdoc/>
    public string Name => "netctl";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        if (!files.IsDirectory("etc/netctl") || !BootServices.HasProgram(files, "usr/bin/netctl"))
            return ServiceState.Missing;
        foreach (var name in files.List(Wants))
        {
            if (name.StartsWith("netctl", StringComparison.Ordinal))
                return ServiceState.Active;
        }
        return ServiceState.Present;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
    {
        var changed = false;
        foreach (var name in s_profiles.Names(files).ToList())
        {
            if (!interfaces.Any(link => link.Name == name))
                changed |= files.Remove(UnitOf(name));
        }
        changed |= s_profiles.Sync(files, interfaces.ToDictionary(link => link.Name, Text));
        foreach (var link in interfaces)
            changed |= files.Link(UnitOf(link.Name), Template);
        return changed;
    }

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => Set(files, []);

    private static string UnitOf(string name) => $"{Wants}/netctl@insula_{name}.service";

    private static string Text(InterfaceSettings link)
    {
        var text = new StringBuilder(GeneratedFile.Mark);
        text.Append($"\nDescription='Insula: {link.Name}'\nInterface={link.Name}\nConnection=ethernet\nForceConnect=yes\nSkipNoCarrier=yes\n");
        text.Append($"IP={(link.Dhcp4 ? "dhcp" : "no")}\nIP6={(link.Dhcp6 ? "dhcp" : link.Auto6 ? "stateless" : "no")}\nIPCustom=(\n");
        foreach (var prefix in link.Addresses)
            text.Append($"  'addr replace {prefix.Address}/{prefix.Length} dev {link.Name}'\n");
        foreach (var route in link.DefaultRoutes())
            text.Append($"  '{(route.Family == Linux.Netlink.IpFamily.IPv6 ? "-6 " : "")}route replace {route.IpRouteWords(link.Name)}'\n");
        return text.Append(")\n").ToString();
    }
}
