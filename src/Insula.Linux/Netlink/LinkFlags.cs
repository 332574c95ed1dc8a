namespace Insula.Linux.Netlink;

/// <summary>IFF_* of a link (netdevice(7), linux/if.h); those Insula looks at.</summary>
[Flags]
public enum LinkFlags : uint
{
    None = 0,
    Up = 0x1,
    Broadcast = 0x2,
    Loopback = 0x8,
    PointToPoint = 0x10,
    Running = 0x40,

    /// <summary>IFF_NOARP: no neighbour discovery; every frame goes to the link's own hardware address.</summary>
    NoArp = 0x80,
    Promiscuous = 0x100,

    /// <summary>IFF_SLAVE: part of a bond.</summary>
    Slave = 0x800,
    Multicast = 0x1000,
    LowerUp = 0x10000,
}
