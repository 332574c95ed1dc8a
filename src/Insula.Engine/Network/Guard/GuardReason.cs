namespace Insula.Engine.Network.Guard;

/// <summary>Why a packet of a container was dropped.</summary>
public enum GuardReason : uint
{
    /// <summary>It has an IP source address that is not the container's.</summary>
    Source = 1,

    /// <summary>It has a hardware source address that is not the link's.</summary>
    Mac = 2,

    /// <summary>An ARP message that speaks for somebody else.</summary>
    Arp = 3,

    /// <summary>A neighbour advertisement, or a claim by duplicate address detection, for somebody else's address.</summary>
    Neighbour = 4,

    /// <summary>A router advertisement or a redirect.</summary>
    Router = 5,

    /// <summary>An answer of a DHCP server, or a request in another client's name.</summary>
    Dhcp = 6,

    /// <summary>It is neither IP nor ARP, or has a VLAN tag.</summary>
    Protocol = 7,
}
