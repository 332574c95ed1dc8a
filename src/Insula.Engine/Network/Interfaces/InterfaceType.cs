namespace Insula.Engine.Network.Interfaces;

/// <summary>What an interface of NETIF is made of.</summary>
public enum InterfaceType
{
    /// <summary>A pair of links, whose other end is on the host.</summary>
    Veth,

    /// <summary>A link with a hardware address of its own on top of one of the host.</summary>
    Macvlan,
}
