namespace Insula.Linux.Netlink;

/// <summary>What writer and readers of netlink messages agree on.</summary>
internal static class NetlinkLayout
{
    /// <summary>NLMSG_ALIGN and NLA_ALIGN: messages and attributes start at multiples of four bytes.</summary>
    public static int Align(int size) => (size + 3) & ~3;

    /// <summary>NLA_TYPE_MASK: an attribute's type without the bits for "nested" and "network byte order".</summary>
    public const ushort TypeMask = 0x3fff;
}
