namespace Insula.Engine.Host;

/// <summary>A setting of the kernel that was changed.</summary>
/// <param name="Path">Below /proc/sys: <c>net/ipv4/ip_forward</c>.</param>
/// <param name="Before">The old value.</param>
/// <param name="After">The new value.</param>
public sealed record SysctlChange(string Path, string Before, string After)
{
    /// <summary>As sysctl(8) shows it: <c>net.ipv4.ip_forward = 1 (was 0)</c>.</summary>
    public override string ToString() => $"{NameOf(Path)} = {After} (was {Before})";

    /// <summary>A path as sysctl(8) names it. A dot in a link's name is a slash there: <c>net.ipv6.conf.eth1/5.accept_ra</c>.</summary>
    public static string NameOf(string path) => path.Replace('.', '\t').Replace('/', '.').Replace('\t', '/');
}
