using System.Net;

namespace Insula.Engine.Parts;

/// <summary>The host's own resolver settings, for NAMESERVER=inherit (resolv.conf(5)).</summary>
/// <param name="Servers">Addresses.</param>
/// <param name="SearchDomains">Domains.</param>
internal sealed record HostResolver(IReadOnlyList<string> Servers, IReadOnlyList<string> SearchDomains)
{
    /// <summary>The file; a host with systemd-resolved keeps the real servers elsewhere, since its stub listens on loopback only.</summary>
    private static readonly string[] Candidates = ["/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"];

    public static HostResolver Read()
    {
        foreach (var path in Candidates)
        {
            if (File.Exists(path))
                return Parse(File.ReadAllText(path));
        }
        return new HostResolver([], []);
    }

    /// <summary>Parses lines such as <c>nameserver 192.0.2.1</c> and <c>search example.org example.com</c>; the last search line counts.</summary>
    public static HostResolver Parse(string text)
    {
        var servers = new List<string>();
        IReadOnlyList<string> domains = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..] && IPAddress.TryParse(server, out var address) && !IPAddress.IsLoopback(address))
                servers.Add(address.ToString());
            else if (words is ["search", .. var listed])
                domains = listed;
        }
        return new HostResolver(servers, domains);
    }
}
