namespace Insula.Linux.Netlink;

/// <summary>
/// IPv4 settings of one link, the same as the files in /proc/sys/net/ipv4/conf/LINK, numbered as in linux/ip.h (IPV4_DEVCONF_*).
/// Meanings: Documentation/networking/ip-sysctl.rst.
/// </summary>
public enum IPv4LinkSetting : ushort
{
    Forwarding = 1,
    ProxyArp = 3,
    AcceptRedirects = 4,
    SendRedirects = 6,
    ReversePathFilter = 8,
    AcceptSourceRoute = 9,
    PromoteSecondaries = 20,
    RouteLocalNet = 26,
}
