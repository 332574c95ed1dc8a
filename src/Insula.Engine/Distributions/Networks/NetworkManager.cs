using System.Globalization;
using System.Text;
using Insula.Engine.Digests;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Networks;

/// <summary>NetworkManager, by a connection profile of its keyfile format (nm-settings-keyfile(5)), which every version of it reads.</summary>
internal sealed class NetworkManager : INetworkService
{
    private const int SecretMode = 0x180; // 0600: it ignores profiles that others may read

    private static readonly OwnFiles s_files = new("etc/NetworkManager/system-connections", "insula-", ".nmconnection", SecretMode);

    /// <inheritdoc/>
    public string Name => "NetworkManager";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files) => IsUsed(files)
        ? ServiceState.Active
        : s_files.Names(files).Any() ? ServiceState.Present : ServiceState.Missing;

    /// <summary>True if it runs in the container.</summary>
    public static bool IsUsed(ContainerFiles files)
        => BootServices.Starts(files, "NetworkManager") || BootServices.Starts(files, "network-manager")
            || BootServices.IsAlias(files, "network", "NetworkManager");

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
        => s_files.Sync(files, interfaces.ToDictionary(link => link.Name, Text));

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => Set(files, []);

    private static string Text(InterfaceSettings link)
    {
        var text = new StringBuilder(GeneratedFile.Mark);
        text.Append($"\n[connection]\nid=insula-{link.Name}\nuuid={Uuid(link.Name)}\ntype=ethernet\ninterface-name={link.Name}\n");
        // Above a profile that the container's owner may have for the same interface.
        text.Append("autoconnect=true\nautoconnect-priority=100\n");
        AddFamily(text, link, IpFamily.IPv4, link.Dhcp4 ? "auto" : link.Has(IpFamily.IPv4) ? "manual" : "disabled");
        AddFamily(text, link, IpFamily.IPv6, link.Auto6 ? "auto" : link.Dhcp6 ? "dhcp" : link.Has(IpFamily.IPv6) ? "manual" : "ignore");
        return text.ToString();
    }

    private static void AddFamily(StringBuilder text, InterfaceSettings link, IpFamily family, string method)
    {
        text.Append($"\n[{(family == IpFamily.IPv4 ? "ipv4" : "ipv6")}]\nmethod={method}\n");
        var number = 0;
        foreach (var prefix in link.Of(family))
            text.Append(CultureInfo.InvariantCulture, $"address{++number}={prefix.Address}/{prefix.Length}\n");
        foreach (var route in link.DefaultRoutes())
        {
            if (route.Family == family)
                text.Append(route.Gateway is { } gateway ? $"gateway={gateway}\n" : $"route1={route.Destination}\n");
        }
    }

    // The same for an interface each time, so that a second run changes nothing; profiles of different containers never meet.
    private static string Uuid(string name)
    {
        var hash = new Sha256();
        hash.Append(Encoding.ASCII.GetBytes($"insula:{name}"));
        var bytes = hash.FinishAndReset().AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // version 8 of RFC 9562: by a rule of one's own
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
