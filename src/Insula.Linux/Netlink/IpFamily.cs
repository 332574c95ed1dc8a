namespace Insula.Linux.Netlink;

/// <summary>Address families as the kernel numbers them (AF_UNSPEC, AF_INET, AF_INET6).</summary>
public enum IpFamily : byte
{
    Any = 0,
    IPv4 = 2,
    IPv6 = 10,
}
