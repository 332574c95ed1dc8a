using Insula.Engine.Distributions.Networks;
using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>Configures a container by what is found in it: each setting goes into the files that are there to be read by somebody.</summary>
internal sealed class FileConfigurator(ContainerFiles files) : IDistributionConfigurator
{
    private const string HostsPath = "etc/hosts";
    private const string KnownHosts = "known hosts";

    // Where lines such as "17 * * * * root run-parts /etc/cron.hourly" are: Debian and SUSE, Red Hat, Alpine.
    private static readonly string[] s_crontabs = ["etc/crontab", "etc/cron.d/0hourly", "etc/crontabs/root"];

    /// <inheritdoc/>
    public IReadOnlyList<string> NetworkServices => [.. Networks.NetworkServices.Of(files).Used.Select(service => service.Name)];

    /// <inheritdoc/>
    public bool SetInterfaces(IReadOnlyList<InterfaceSettings> interfaces)
    {
        foreach (var link in interfaces)
            SettingRules.CheckInterfaceName(link.Name);
        var configured = InterfaceSettings.WithOneDefault(interfaces.Where(link => link.IsConfigured));
        var (used, unused) = Networks.NetworkServices.Of(files);
        var changed = false;
        foreach (var service in used)
            changed |= service.Set(files, configured);
        foreach (var service in unused)
            changed |= service.Clear(files);
        return changed;
    }

    /// <inheritdoc/>
    public bool SetHostName(string hostName, IReadOnlyList<IpPrefix> addresses)
    {
        SettingRules.CheckHostName(hostName);
        var changed = HostNameFiles.Set(files, hostName);
        var hosts = files.Read(HostsPath) ?? "";
        return files.Write(HostsPath, HostsFile.WithHostName(hosts, hostName, addresses)) || changed;
    }

    /// <inheritdoc/>
    public bool SetDns(IReadOnlyList<IpAddress> servers, IReadOnlyList<string> searchDomains)
    {
        SettingRules.CheckSearchDomains(searchDomains);
        return (servers.Count > 0 || searchDomains.Count > 0) && ResolverFiles.Set(files, servers, searchDomains);
    }

    /// <inheritdoc/>
    public bool SetKnownHosts(IReadOnlyList<string> lines)
    {
        var hosts = files.Read(HostsPath) ?? "";
        var wanted = MarkedBlock.Replace(hosts, lines, KnownHosts);
        // A file without a last newline is not touched for that.
        return (lines.Count > 0 || hosts.Contains(MarkedBlock.BeginOf(KnownHosts), StringComparison.Ordinal)) && files.Write(HostsPath, wanted);
    }

    /// <inheritdoc/>
    public bool PostCreate()
    {
        var changed = new UserAccounts(files).LockEmptyRootPassword();
        changed |= files.Write(HostsPath, HostsFile.WithLocalhost(files.Read(HostsPath) ?? ""));
        foreach (var path in s_crontabs)
        {
            // The first host id is another for each container.
            if (files.Read(path) is { } crontab)
                changed |= files.Write(path, Crontab.WithSpreadMinutes(crontab, files.RootUid));
        }
        return (!files.EntryExists(ResolverFiles.ResolverPath) && files.Write(ResolverFiles.ResolverPath, "")) || changed;
    }

    /// <inheritdoc/>
    public void SetPassword(string user, string password) => new UserAccounts(files).SetPassword(user, password);
}
