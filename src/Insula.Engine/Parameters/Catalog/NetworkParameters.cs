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

    internal static ParameterDeclaration[] All => [HostName, Addresses, NameServers, SearchDomains, NameGroup];
}
