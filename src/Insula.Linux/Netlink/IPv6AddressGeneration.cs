namespace Insula.Linux.Netlink;

/// <summary>How a link makes its own link-local address (IN6_ADDR_GEN_MODE_* of linux/if_link.h).</summary>
public enum IPv6AddressGeneration : byte
{
    /// <summary>From the hardware address.</summary>
    Eui64 = 0,

    /// <summary>None is made.</summary>
    None = 1,
    StablePrivacy = 2,
    Random = 3,
}
