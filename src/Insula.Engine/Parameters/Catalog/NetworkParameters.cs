using Insula.Engine.Network.Interfaces;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>The container's name on the network, its addresses and its resolver.</summary>
public static class NetworkParameters
{
    public static readonly ParameterDeclaration<string> HostName = new("HOSTNAME", new HostNameKind(), ParameterGroup.Network,
        "Host name inside the container")
    {
        GlobalDefault = false,
        Options = [new("hostname", "NAME", "Set the host name") { OnCreate = true }],
        ListFields = [new("hostname", "HOSTNAME", -32)],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<string>> Addresses = new("IP_ADDRESS", new AddressListKind(), ParameterGroup.Network,
        "Addresses of the container's venet device")
    {
        GlobalDefault = false,
        Options =
        [
            new("ipadd", "ADDRESS[/MASK]", "Add an address; may be repeated") { Aliases = ["ip"], Effect = OptionEffect.Merge, OnCreate = true },
            new("ipdel", "ADDRESS|all", "Remove an address, or all") { Effect = OptionEffect.Remove, CommandLineKind = new AddressRemovalKind() },
        ],
        ListFields = [new("ip", "IP_ADDR", -15)],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<string>> SharedAddresses = new("EXT_IP_ADDRESS", new AddressListKind(), ParameterGroup.Network,
        "Addresses that the container may send from beside others; they are neither configured inside nor routed to it")
    {
        GlobalDefault = false,
        Options =
        [
            new("ext_ipadd", "ADDRESS", "Let the container send from an address that several may have; may be repeated") { Effect = OptionEffect.Merge },
            new("ext_ipdel", "ADDRESS|all", "Take such an address back, or all") { Effect = OptionEffect.Remove, CommandLineKind = new AddressRemovalKind() },
        ],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<NetworkInterface>> Interfaces = new("NETIF", new InterfaceListKind(), ParameterGroup.Network,
        "Interfaces with hardware addresses, each a veth pair or a macvlan link")
    {
        GlobalDefault = false,
        Options =
        [
            new("netif_add", "IFNAME[,MAC,HOST_IFNAME,HOST_MAC,BRIDGE][,KEY=VALUE]", "Add an interface; may be repeated; keys are those of NETIF")
                { Effect = OptionEffect.Merge, CommandLineKind = new InterfaceAdditionKind() },
            new("netif_del", "IFNAME|all", "Remove an interface, or all") { Effect = OptionEffect.Remove, CommandLineKind = new InterfaceRemovalKind() },
            Edit("ifname", "IFNAME", "The interface that the next options, and --ipadd and --ipdel with it, are about"),
            Edit("mac", "MAC", "Set its hardware address"),
            Edit("host_ifname", "NAME", "Set the name of the host's end"),
            Edit("host_mac", "MAC", "Set the hardware address of the host's end"),
            Edit("bridge", "NAME", "Set the bridge that it is attached to; empty for none"),
            Edit("mac_filter", "on|off", "Let it send with its own hardware address only"),
            Edit("ip_filter", "on|off", "Let it speak for its own IP addresses only"),
            Edit("vlan", "N", "Put it into a VLAN of its bridge; 0 for the bridge's own"),
            Edit("gw", "ADDRESS|none", "Set the IPv4 router"),
            Edit("gw6", "ADDRESS|none", "Set the IPv6 router"),
            Edit("dhcp", "yes|no", "Let it ask for an IPv4 address"),
            Edit("dhcp6", "yes|no", "Let it ask for an IPv6 address"),
        ],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<string>> Devices = new("NETDEV", new NetworkDevicesKind(), ParameterGroup.Network,
        "Network devices of the host that the container has while it runs")
    {
        GlobalDefault = false,
        Options =
        [
            new("netdev_add", "NAME", "Hand a network device of the host over; may be repeated") { Effect = OptionEffect.Merge },
            new("netdev_del", "NAME|all", "Take one back, or all") { Effect = OptionEffect.Remove, CommandLineKind = new NetworkDeviceRemovalKind() },
        ],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<string>> NameServers = new("NAMESERVER", new NameServersKind(), ParameterGroup.Network,
        "DNS servers of the container; inherit: those of the host")
    {
        Options = [new("nameserver", "ADDRESS|inherit", "Set the DNS servers; repeat for several") { Effect = OptionEffect.ReplaceAll }],
        ListFields = [new("nameserver", "NAMESERVER", -15)],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<string>> SearchDomains = new("SEARCHDOMAIN", new SearchDomainsKind(), ParameterGroup.Network,
        "DNS search domains of the container; inherit: those of the host")
    {
        Options = [new("searchdomain", "DOMAIN|inherit", "Set the DNS search domains; repeat for several") { Effect = OptionEffect.ReplaceAll }],
        ListFields = [new("searchdomain", "SEARCHDOMAIN", -15)],
    };

    public static readonly ParameterDeclaration<string> NameGroup = new("NAME_GROUP", new GroupNameKind(), ParameterGroup.Network,
        "Containers of the same group find each other by name, if vz.conf has NAMES_DOMAIN")
    {
        GlobalDefault = false,
        Options = [new("name_group", "NAME", "Let the container and others of this group find each other by name; an empty one ends that")],
        ListFields = [new("name_group", "NAME_GROUP", -15)],
    };

    internal static ParameterDeclaration[] All => [HostName, Addresses, SharedAddresses, Interfaces, Devices, NameServers, SearchDomains, NameGroup];

    private static SetOption Edit(string name, string argument, string help)
        => new(name, argument, help) { Effect = OptionEffect.Merge, CommandLineKind = new InterfaceEditKind(argument) };
}
