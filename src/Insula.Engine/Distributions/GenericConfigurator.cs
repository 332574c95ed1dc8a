using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// What every Linux distribution reads: /etc/hostname, /etc/hosts, /etc/resolv.conf and the account files. Addresses are the host's
/// doing alone: it sets them on venet0 before init runs.
/// </summary>
internal class GenericConfigurator(ContainerFiles files) : IDistributionConfigurator
{
    private const string HostNameFile = "etc/hostname";
    private const string HostsPath = "etc/hosts";
    private const string ResolverPath = "etc/resolv.conf";

    /// <summary>The container's files.</summary>
    protected ContainerFiles Files => files;

    /// <inheritdoc/>
    public virtual string Family => "generic";

    /// <inheritdoc/>
    public virtual bool SetAddresses(IReadOnlyList<IpPrefix> addresses) => false;

    /// <inheritdoc/>
    public bool SetHostName(string hostName, IReadOnlyList<IpPrefix> addresses)
    {
        SettingRules.CheckHostName(hostName);
        var changed = files.Write(HostNameFile, hostName + "\n");
        var hosts = files.Read(HostsPath) ?? "";
        return files.Write(HostsPath, HostsFile.WithHostName(hosts, hostName, addresses)) || changed;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A symbolic link into /run (systemd-resolved, resolvconf) is replaced by a file: there is nobody behind it who would know our
    /// servers, and systemd-resolved itself, where it runs, reads a regular /etc/resolv.conf as its own source and sees every change
    /// (systemd-resolved.service(8), fourth mode).
    /// </remarks>
    public bool SetDns(IReadOnlyList<IpAddress> servers, IReadOnlyList<string> searchDomains)
    {
        SettingRules.CheckSearchDomains(searchDomains);
        if (servers.Count == 0 && searchDomains.Count == 0)
            return false;
        return files.Write(ResolverPath, ResolverFile.With(files.Read(ResolverPath) ?? "", servers, searchDomains));
    }

    /// <inheritdoc/>
    public virtual bool PostCreate()
    {
        var changed = new UserAccounts(files).LockEmptyRootPassword();
        changed |= files.Write(HostsPath, HostsFile.WithLocalhost(files.Read(HostsPath) ?? ""));
        if (files.EntryExists(ResolverPath))
            return changed;
        return files.Write(ResolverPath, "") || changed;
    }

    /// <inheritdoc/>
    public void SetPassword(string user, string password) => new UserAccounts(files).SetPassword(user, password);
}
