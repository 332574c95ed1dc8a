using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// Writes a container's settings into the files of its distribution, from the outside: nothing of the container is executed. Every
/// method keeps what it does not own, changes nothing when things are as they should be, and tells whether it wrote anything.
/// </summary>
/// <remarks>All throw <see cref="InsulaException"/> when the container's files do not let themselves be read or written.</remarks>
public interface IDistributionConfigurator
{
    /// <summary>The network services that are told of the interfaces: <c>ifupdown</c>, <c>netplan</c>. None: the host sets up what it can.</summary>
    IReadOnlyList<string> NetworkServices { get; }

    /// <summary>
    /// Makes the network files agree with what the host wants, so that the container's own network service finds nothing to do on venet0 and
    /// configures the others. The whole list each time; what was written for an interface that is not in it goes.
    /// </summary>
    bool SetInterfaces(IReadOnlyList<InterfaceSettings> interfaces);

    /// <summary>The host name, short or with its domain, and a line for it in /etc/hosts with the first address.</summary>
    bool SetHostName(string hostName, IReadOnlyList<IpPrefix> addresses);

    /// <summary>
    /// Name servers and search domains of /etc/resolv.conf. An empty list leaves what is there of that kind; other lines stay.
    /// </summary>
    bool SetDns(IReadOnlyList<IpAddress> servers, IReadOnlyList<string> searchDomains);

    /// <summary>The names of other containers in /etc/hosts: <c>10.0.0.5 web.ct.internal web</c>. The whole list each time.</summary>
    bool SetKnownHosts(IReadOnlyList<string> lines);

    /// <summary>What a fresh container needs once: no empty root password, localhost in /etc/hosts, an /etc/resolv.conf, cron minutes of its own.</summary>
    bool PostCreate();

    /// <summary>Gives a user a password; a user who is not there yet is made, with a home directory.</summary>
    void SetPassword(string user, string password);
}
