using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// netplan (netplan(5)), which at boot makes files for systemd-networkd or NetworkManager. <c>critical</c> is its word for networkd's
/// KeepConfiguration. Which of the two is the container's choice: our file names no renderer.
/// </summary>
internal sealed class Netplan : INetworkService
{
    private const string Directory = "etc/netplan";
    private const string FilePath = $"{Directory}/90-insula.yaml"; // the last of several files has its way
    private const int SecretMode = 0x180; // 0600: netplan warns of files that others may read

    /// <inheritdoc/>
    public string Name => "netplan";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        if (!BootServices.HasProgram(files, "usr/sbin/netplan", "sbin/netplan", "usr/libexec/netplan/generate", "usr/lib/netplan/generate"))
            return ServiceState.Missing;
        // Its generator runs at every boot and does something where there is a file for it.
        foreach (var name in files.List(Directory))
        {
            if (name.EndsWith(".yaml", StringComparison.Ordinal))
                return ServiceState.Active;
        }
        return ServiceState.Present;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
        => interfaces.Count == 0 ? files.Remove(FilePath) : files.Write(FilePath, Text(interfaces), SecretMode);

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => files.Remove(FilePath);

    private static string Text(IReadOnlyList<InterfaceSettings> interfaces)
    {
        var text = new StringBuilder($"{GeneratedFile.Mark}\nnetwork:\n  version: 2\n  ethernets:\n");
        foreach (var link in interfaces)
            Add(text, link);
        return text.ToString();
    }

    private static void Add(StringBuilder text, InterfaceSettings link)
    {
        text.Append($"    {link.Name}:\n");
        if (link.IsRouted)
            text.Append("      critical: true\n      link-local: []\n");
        text.Append($"      dhcp4: {Word(link.Dhcp4)}\n      dhcp6: {Word(link.Dhcp6)}\n      accept-ra: {Word(link.Auto6)}\n");
        if (link.Addresses.Count > 0)
            text.Append("      addresses:\n");
        foreach (var prefix in link.Addresses)
            text.Append($"      - \"{prefix.Address}/{prefix.Length}\"\n");
        var first = true;
        foreach (var route in link.DefaultRoutes())
        {
            text.Append(first ? "      routes:\n" : "").Append($"      - to: \"{route.Destination}\"\n");
            first = false;
            if (route.Gateway is { } gateway)
                text.Append($"        via: \"{gateway}\"\n{(route.OnLink ? "" : "        on-link: true\n")}");
            else
                text.Append("        scope: link\n");
        }
    }

    private static string Word(bool value) => value ? "true" : "false";
}
