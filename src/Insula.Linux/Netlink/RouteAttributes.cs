namespace Insula.Linux.Netlink;

/// <summary>IFLA_*: attributes of a link (linux/if_link.h).</summary>
internal static class Ifla
{
    public const ushort Address = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Link = 5;
    public const ushort QueueDiscipline = 6;
    public const ushort Master = 10;
    /// <summary>IFLA_PROTINFO, with NLA_F_NESTED, without which a bridge takes it for one number.</summary>
    public const ushort ProtocolInfo = 12 | 0x8000;
    public const ushort LinkInfo = 18;
    public const ushort NetNsPid = 19;
    public const ushort Alias = 20;
    public const ushort Statistics64 = 23;
    public const ushort AfSpec = 26;
    public const ushort NetNsFd = 28;
    public const ushort ExtMask = 29;
    public const ushort LinkNetNsId = 37;

    /// <summary>IFLA_INFO_KIND, inside <see cref="LinkInfo"/>.</summary>
    public const ushort InfoKind = 1;

    /// <summary>IFLA_INFO_DATA, inside <see cref="LinkInfo"/>.</summary>
    public const ushort InfoData = 2;

    /// <summary>VETH_INFO_PEER, inside <see cref="InfoData"/> (linux/veth.h).</summary>
    public const ushort VethPeer = 1;

    /// <summary>IFLA_NETKIT_PEER_INFO, inside <see cref="InfoData"/> (linux/if_link.h, Linux 6.7).</summary>
    public const ushort NetkitPeer = 1;

    /// <summary>IFLA_NETKIT_MODE, inside <see cref="InfoData"/>.</summary>
    public const ushort NetkitMode = 5;

    /// <summary>NETKIT_L3, a value of <see cref="NetkitMode"/>.</summary>
    public const uint NetkitLayer3 = 1;

    /// <summary>IFLA_MACVLAN_MODE, inside <see cref="InfoData"/>.</summary>
    public const ushort MacvlanMode = 1;

    /// <summary>IFLA_BR_VLAN_FILTERING, inside <see cref="InfoData"/>.</summary>
    public const ushort BridgeVlanFiltering = 7;

    /// <summary>IFLA_BRPORT_GUARD, inside <see cref="ProtocolInfo"/>.</summary>
    public const ushort BridgePortGuard = 5;

    /// <summary>IFLA_BRPORT_LEARNING.</summary>
    public const ushort BridgePortLearning = 8;

    /// <summary>IFLA_BRPORT_UNICAST_FLOOD.</summary>
    public const ushort BridgePortFlood = 9;

    /// <summary>IFLA_BRIDGE_VLAN_INFO, inside <see cref="AfSpec"/> of family AF_BRIDGE (linux/if_bridge.h).</summary>
    public const ushort BridgeVlanInfo = 2;

    /// <summary>BRIDGE_VLAN_INFO_PVID: what comes without a tag belongs to it.</summary>
    public const ushort VlanPortId = 2;

    /// <summary>BRIDGE_VLAN_INFO_UNTAGGED: it leaves without a tag.</summary>
    public const ushort VlanUntagged = 4;

    /// <summary>BRIDGE_VLAN_INFO_RANGE_BEGIN, BRIDGE_VLAN_INFO_RANGE_END: two of them are the ends of a range.</summary>
    public const ushort VlanRangeBegin = 8, VlanRangeEnd = 16;

    /// <summary>IFLA_INET_CONF, inside AF_INET inside <see cref="AfSpec"/>.</summary>
    public const ushort InetConf = 1;

    /// <summary>IFLA_INET6_ADDR_GEN_MODE, inside AF_INET6 inside <see cref="AfSpec"/>.</summary>
    public const ushort Inet6AddrGenMode = 8;
}

/// <summary>IFA_*: attributes of an address (linux/if_addr.h).</summary>
internal static class Ifa
{
    public const ushort Address = 1;
    public const ushort Local = 2;
    public const ushort Flags = 8;

    /// <summary>IFA_F_NODAD: use an IPv6 address at once, without looking whether somebody else has it.</summary>
    public const uint FlagNoDad = 0x02;
}

/// <summary>RTA_*: attributes of a route (linux/rtnetlink.h).</summary>
internal static class Rta
{
    public const ushort Destination = 1;
    public const ushort OutputLink = 4;
    public const ushort Gateway = 5;
    public const ushort Priority = 6;
    public const ushort PreferredSource = 7;
    public const ushort Table = 15;

    /// <summary>RTNH_F_ONLINK: the gateway is reached through the link although no route says so.</summary>
    public const uint FlagOnLink = 4;

    /// <summary>RTM_F_FIB_MATCH: answer with the routing table's entry, not with the route made from it.</summary>
    public const uint FlagFibMatch = 0x2000;
}

/// <summary>NDA_*: attributes of a neighbour (linux/neighbour.h).</summary>
internal static class Nda
{
    public const ushort Destination = 1;
    public const ushort LinkAddress = 2;
    public const ushort Protocol = 12;

    /// <summary>NTF_PROXY: we answer for this address on that link.</summary>
    public const byte FlagProxy = 0x08;

    /// <summary>NTF_MASTER: the entry is the bridge's.</summary>
    public const byte FlagMaster = 0x04;

    /// <summary>NTF_STICKY: the station is not taken for moved when its address is seen elsewhere.</summary>
    public const byte FlagSticky = 0x40;

    /// <summary>NUD_NOARP; of a bridge: a fixed entry.</summary>
    public const ushort StateNoArp = 0x40;

    /// <summary>NUD_PERMANENT: never probed, never forgotten.</summary>
    public const ushort StatePermanent = 0x80;
}

/// <summary>NLMSGERR_ATTR_*: what the kernel adds to an error (linux/netlink.h).</summary>
internal static class ErrorAttribute
{
    public const ushort Message = 1;
}
