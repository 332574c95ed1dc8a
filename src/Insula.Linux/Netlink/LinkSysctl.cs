using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>
/// Settings of one link that only /proc/sys/net/ipv6/conf/LINK can change, in the network namespace of this process.
/// Meanings: Documentation/networking/ip-sysctl.rst. IPv4's are set by <see cref="RouteSocket.SetIPv4Settings"/>.
/// </summary>
public static class LinkSysctl
{
    /// <summary>True if this kernel has IPv6 and it was not switched off at boot (ipv6.disable=1).</summary>
    public static bool HasIPv6 => File.Exists("/proc/net/if_inet6");

    /// <summary>Writes one setting of one link.</summary>
    /// <exception cref="LinuxException">The kernel refused, or there is no such link or setting.</exception>
    public static void SetIPv6(string link, string setting, int value)
    {
        if (!LinkName.IsValid(link) || link is "all" or "default")
            throw new LinuxException("set", $"{setting} of \"{link}\"", Errno.EINVAL);
        var path = $"/proc/sys/net/ipv6/conf/{link}/{setting}";
        var error = Files.TryWriteValue(path, value.ToString());
        if (error != Errno.None)
            throw new LinuxException("write", path, error);
    }
}
