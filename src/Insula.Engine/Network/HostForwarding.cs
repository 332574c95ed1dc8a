using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>
/// Makes the host a router, which venet needs: IPv4 and IPv6 forwarding, and answers to neighbour solicitations for proxied addresses.
/// </summary>
/// <param name="directory">/proc/sys/net, or a stand-in.</param>
public sealed class HostForwarding(string directory = "/proc/sys/net")
{
    /// <summary>A setting that was changed.</summary>
    /// <param name="Path">Below /proc/sys/net: <c>ipv4/ip_forward</c>.</param>
    /// <param name="Before">The old value.</param>
    /// <param name="After">The new value.</param>
    public sealed record Change(string Path, string Before, string After)
    {
        /// <summary>As sysctl(8) shows it: <c>net.ipv4.ip_forward = 1 (was 0)</c>.</summary>
        public override string ToString() => $"net.{Path.Replace('.', '\t').Replace('/', '.').Replace('\t', '/')} = {After} (was {Before})";
    }

    /// <summary>Changes what is not yet as it must be, and returns that. Lasts until the host restarts.</summary>
    /// <exception cref="LinuxException">A setting cannot be written.</exception>
    public IReadOnlyList<Change> Enable()
    {
        var changes = new List<Change>();
        Set("ipv4/ip_forward", "1", changes);
        if (!Directory.Exists(Path.Combine(directory, "ipv6/conf/all")))
            return changes;
        KeepRouterAdvertisements(changes);
        Set("ipv6/conf/all/forwarding", "1", changes);
        Set("ipv6/conf/all/proxy_ndp", "1", changes);
        return changes;
    }

    /// <summary>Takes changes back, last first.</summary>
    public void Restore(IReadOnlyList<Change> changes)
    {
        for (var i = changes.Count - 1; i >= 0; i--)
            Write(changes[i].Path, changes[i].Before);
    }

    // A router ignores router advertisements on links with accept_ra=1, and the host would lose its IPv6 default route; 2 means
    // "even when forwarding". Must be set before forwarding is. Our own links have 0.
    private void KeepRouterAdvertisements(List<Change> changes)
    {
        if (Read("ipv6/conf/all/forwarding") != "0")
            return;
        foreach (var link in Directory.EnumerateDirectories(Path.Combine(directory, "ipv6/conf")))
        {
            var name = Path.GetFileName(link);
            if (name is not ("all" or "default" or "lo") && Read($"ipv6/conf/{name}/accept_ra") == "1")
                Set($"ipv6/conf/{name}/accept_ra", "2", changes);
        }
    }

    private void Set(string path, string wanted, List<Change> changes)
    {
        var before = Read(path);
        if (before is null || before == wanted)
            return;
        Write(path, wanted);
        changes.Add(new Change(path, before, wanted));
    }

    // Null if the setting does not exist (or its link has just gone).
    private string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, path)).Trim();
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Write(string path, string value)
    {
        var file = Path.Combine(directory, path);
        var error = Files.TryWriteValue(file, value);
        if (error != Errno.None)
            throw new LinuxException("write", file, error, "venet needs a host that forwards packets");
    }
}
