namespace Insula.Linux.Netlink;

/// <summary>How far away a destination is (enum rt_scope_t of linux/rtnetlink.h). IPv6 knows only Universe.</summary>
public enum RouteScope : byte
{
    Universe = 0,
    Site = 200,
    Link = 253,
    Host = 254,
    Nowhere = 255,
}
