using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions;

/// <summary>The host's own name servers and search domains, for NAMESERVER and SEARCHDOMAIN "inherit".</summary>
/// <param name="Servers">Without those on the host's loopback, which no container reaches.</param>
/// <param name="SearchDomains">Domains.</param>
public sealed record HostResolver(IReadOnlyList<IpAddress> Servers, IReadOnlyList<string> SearchDomains)
{
    // Where systemd-resolved writes the servers behind its stub on 127.0.0.53.
    private const string BehindTheStub = "run/systemd/resolve/resolv.conf";

    /// <summary>Reads /etc/resolv.conf, or what is behind it where it names only a stub resolver on the loopback.</summary>
    /// <param name="hostRoot">"/", or a stand-in.</param>
    public static HostResolver Read(string hostRoot = "/")
    {
        var own = Parse(TryRead(Path.Combine(hostRoot, "etc/resolv.conf")));
        if (own.Servers.Count > 0)
            return own;
        var behind = Parse(TryRead(Path.Combine(hostRoot, BehindTheStub)));
        return own with { Servers = behind.Servers };
    }

    /// <summary>Reads resolv.conf(5): <c>nameserver 192.0.2.53</c>, <c>search a.example b.example</c>. The last search line counts.</summary>
    public static HostResolver Parse(string text)
    {
        var servers = new List<IpAddress>();
        string[] domains = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
                continue;
            if (words[0] == "nameserver" && IpAddress.TryParse(words[1], out var server) && !server.IsLoopback)
                servers.Add(server);
            else if (words[0] is "search" or "domain")
                domains = words[1..];
        }
        return new HostResolver(servers, domains);
    }

    private static string TryRead(string path)
    {
        var errno = Files.TryReadText(Files.CurrentDirectory, path, out var text);
        return errno is Errno.None or Errno.ENOENT or Errno.ENOTDIR ? text : throw new LinuxException("read", path, errno);
    }
}
