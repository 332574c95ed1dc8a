using System.Globalization;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// /etc/resolv.conf, and what would write it anew: the programs that keep it get our servers too, so that they write the same.
/// </summary>
internal static class ResolverFiles
{
    /// <summary>What every program of the container reads.</summary>
    public const string ResolverPath = "etc/resolv.conf";

    private const string NetconfigPath = "etc/sysconfig/network/config";
    private const string OpenresolvPath = "etc/resolvconf.conf";
    private const string NetworkManagerDirectory = "etc/NetworkManager/conf.d";
    private const string NetworkManagerPath = $"{NetworkManagerDirectory}/90-insula-dns.conf";

    /// <summary>Sets servers and search domains; an empty list leaves what is there of that kind.</summary>
    /// <remarks>
    /// A symbolic link into /run (systemd-resolved, resolvconf, netconfig) is replaced by a file: there is nobody behind it who would know our
    /// servers, and systemd-resolved itself, where it runs, reads a regular /etc/resolv.conf as its own source and sees every change
    /// (systemd-resolved.service(8), fourth mode). Debian's resolvconf leaves a regular file alone.
    /// </remarks>
    public static bool Set(ContainerFiles files, IReadOnlyList<IpAddress> servers, IReadOnlyList<string> searchDomains)
    {
        var changed = files.Write(ResolverPath, ResolverFile.With(files.Read(ResolverPath) ?? "", servers, searchDomains));
        var (names, domains) = (string.Join(' ', servers), string.Join(' ', searchDomains));
        changed |= SetAssignments(files, NetconfigPath, ("NETCONFIG_DNS_STATIC_SERVERS", names), ("NETCONFIG_DNS_STATIC_SEARCHLIST", domains));
        changed |= SetAssignments(files, OpenresolvPath, ("name_servers", names), ("search_domains", domains));
        if (Networks.NetworkManager.IsUsed(files))
            changed |= files.Write(NetworkManagerPath, NetworkManagerText(files));
        return changed;
    }

    private static bool SetAssignments(ContainerFiles files, string path, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (!files.IsRegular(path) || files.Read(path) is not { } text)
            return false;
        foreach (var (name, value) in values)
        {
            if (value.Length > 0)
                text = Assignments.With(text, name, value);
        }
        return files.Write(path, text);
    }

    // NetworkManager.conf(5): global DNS takes the place of what connections bring. It is all or nothing, so it says what resolv.conf now does.
    private static string NetworkManagerText(ContainerFiles files)
    {
        var resolver = HostResolver.Parse(files.Read(ResolverPath) ?? "");
        return string.Create(CultureInfo.InvariantCulture, $"""
            {Networks.GeneratedFile.Mark}
            [global-dns]
            searches={string.Join(',', resolver.SearchDomains)}

            [global-dns-domain-*]
            servers={string.Join(',', resolver.Servers)}

            """);
    }
}
