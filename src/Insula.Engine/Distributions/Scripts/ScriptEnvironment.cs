using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions.Scripts;

/// <summary>What a distribution's scripts find in their environment, beside PATH, HOME and TERM.</summary>
public static class ScriptEnvironment
{
    /// <summary>VE_STATE while a container starts.</summary>
    public const string Starting = "starting";

    /// <summary>VE_STATE of one that runs.</summary>
    public const string Running = "running";

    /// <summary>For ADD_IP and DEL_IP.</summary>
    /// <param name="state">VE_STATE.</param>
    /// <param name="addresses">The addresses that come or go, in the form in which they are configured.</param>
    /// <param name="ipv6">IPV6 of vz.conf.</param>
    /// <param name="all">True if the container is to have no other than those that come.</param>
    public static string[] Addresses(string state, IReadOnlyList<IpPrefix> addresses, bool ipv6, bool all) =>
    [
        $"VE_STATE={state}", $"IP_ADDR={string.Join(' ', addresses)}", $"IPV6={(ipv6 ? "yes" : "no")}",
        .. all ? (string[])["IPDELALL=yes"] : [],
    ];

    /// <summary>For SET_HOSTNAME.</summary>
    public static string[] HostName(string state, string name, IReadOnlyList<IpPrefix> addresses)
        => [$"VE_STATE={state}", $"HOSTNM={name}", $"IP_ADDR={string.Join(' ', addresses.Select(prefix => prefix.Address))}"];

    /// <summary>For SET_DNS; what is not to be changed is not in it.</summary>
    public static string[] Dns(string state, IReadOnlyList<IpAddress> servers, IReadOnlyList<string> domains) =>
    [
        $"VE_STATE={state}",
        .. servers.Count > 0 ? (string[])[$"NAMESERVER={string.Join(' ', servers)}"] : [],
        .. domains.Count > 0 ? (string[])[$"SEARCHDOMAIN={string.Join(' ', domains)}"] : [],
    ];

    /// <summary>For SET_USERPASS.</summary>
    public static string[] Password(string user, string password) => [$"USERPW={user}:{password}"];

    /// <summary>For SET_UGID_QUOTA.</summary>
    /// <param name="users">QUOTAUGIDLIMIT.</param>
    /// <param name="device">The device number of the container's root, as (major shifted left by 32) | minor.</param>
    public static string[] UserQuota(long users, ulong device)
        => ["DEVFS=/dev/simfs", $"MAJOR={device >> 32}", $"MINOR={device & 0xFFFFFFFF}", $"UGIDLIMIT={users}"];
}
