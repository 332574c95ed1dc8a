using System.Runtime.InteropServices;

using Insula.Linux.Netlink;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Netlink;

public class NetlinkAbiTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Messages_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/netlink.h", "linux/rtnetlink.h", "linux/if_addr.h", "linux/neighbour.h")
            .Structure<NetlinkHeader>(
                "struct nlmsghdr", ("nlmsg_len", "Length"), ("nlmsg_type", "Type"), ("nlmsg_flags", "Flags"), ("nlmsg_seq", "Sequence"),
                ("nlmsg_pid", "PortId"))
            .Structure<AttributeHeader>("struct nlattr", ("nla_len", "Length"), ("nla_type", "Type"))
            .Structure<LinkHeader>(
                "struct ifinfomsg", ("ifi_family", "Family"), ("ifi_type", "DeviceType"), ("ifi_index", "Index"), ("ifi_flags", "Flags"),
                ("ifi_change", "Change"))
            .Structure<AddressHeader>(
                "struct ifaddrmsg", ("ifa_family", "Family"), ("ifa_prefixlen", "PrefixLength"), ("ifa_flags", "Flags"), ("ifa_scope", "Scope"),
                ("ifa_index", "Index"))
            .Structure<RouteHeader>(
                "struct rtmsg", ("rtm_family", "Family"), ("rtm_dst_len", "DestinationLength"), ("rtm_src_len", "SourceLength"),
                ("rtm_tos", "TypeOfService"), ("rtm_table", "Table"), ("rtm_protocol", "Protocol"), ("rtm_scope", "Scope"),
                ("rtm_type", "Type"), ("rtm_flags", "Flags"))
            .Structure<NeighbourHeader>(
                "struct ndmsg", ("ndm_family", "Family"), ("ndm_ifindex", "Index"), ("ndm_state", "State"), ("ndm_flags", "Flags"), ("ndm_type", "Type"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Message_types_and_flags_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/netlink.h", "linux/rtnetlink.h")
            .Constant("NLMSG_NOOP", (int)NetlinkMessageType.NoOperation).Constant("NLMSG_ERROR", (int)NetlinkMessageType.Error)
            .Constant("NLMSG_DONE", (int)NetlinkMessageType.Done).Constant("NLMSG_OVERRUN", (int)NetlinkMessageType.Overrun)
            .Constant("RTM_NEWLINK", (int)NetlinkMessageType.NewLink).Constant("RTM_DELLINK", (int)NetlinkMessageType.DelLink)
            .Constant("RTM_GETLINK", (int)NetlinkMessageType.GetLink).Constant("RTM_SETLINK", (int)NetlinkMessageType.SetLink)
            .Constant("RTM_NEWADDR", (int)NetlinkMessageType.NewAddress).Constant("RTM_DELADDR", (int)NetlinkMessageType.DelAddress)
            .Constant("RTM_GETADDR", (int)NetlinkMessageType.GetAddress).Constant("RTM_NEWROUTE", (int)NetlinkMessageType.NewRoute)
            .Constant("RTM_DELROUTE", (int)NetlinkMessageType.DelRoute).Constant("RTM_GETROUTE", (int)NetlinkMessageType.GetRoute)
            .Constant("RTM_NEWNEIGH", (int)NetlinkMessageType.NewNeighbour).Constant("RTM_DELNEIGH", (int)NetlinkMessageType.DelNeighbour)
            .Constant("RTM_GETNEIGH", (int)NetlinkMessageType.GetNeighbour)
            .Constant("NLM_F_REQUEST", (int)NetlinkFlags.Request).Constant("NLM_F_MULTI", (int)NetlinkFlags.Multi)
            .Constant("NLM_F_ACK", (int)NetlinkFlags.Ack).Constant("NLM_F_DUMP_INTR", (int)NetlinkFlags.DumpInterrupted)
            .Constant("NLM_F_DUMP", (int)NetlinkFlags.Dump).Constant("NLM_F_REPLACE", (int)NetlinkFlags.Replace)
            .Constant("NLM_F_EXCL", (int)NetlinkFlags.Exclusive).Constant("NLM_F_CREATE", (int)NetlinkFlags.Create)
            .Constant("NLM_F_CAPPED", (int)NetlinkFlags.Capped).Constant("NLM_F_ACK_TLVS", (int)NetlinkFlags.AckAttributes)
            .Constant("NLA_TYPE_MASK & 0xffff", NetlinkLayout.TypeMask).Constant("NLMSGERR_ATTR_MSG", ErrorAttribute.Message)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Attributes_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/rtnetlink.h", "linux/if_link.h", "linux/if_addr.h", "linux/neighbour.h", "linux/veth.h", "linux/ip.h", "linux/if_bridge.h")
            .Constant("IFLA_ADDRESS", Ifla.Address).Constant("IFLA_IFNAME", Ifla.Name).Constant("IFLA_MTU", Ifla.Mtu)
            .Constant("IFLA_LINK", Ifla.Link).Constant("IFLA_QDISC", Ifla.QueueDiscipline).Constant("IFLA_MASTER", Ifla.Master).Constant("IFLA_LINKINFO", Ifla.LinkInfo)
            .Constant("IFLA_NET_NS_PID", Ifla.NetNsPid).Constant("IFLA_NET_NS_FD", Ifla.NetNsFd).Constant("IFLA_AF_SPEC", Ifla.AfSpec)
            .Constant("IFLA_EXT_MASK", Ifla.ExtMask).Constant("IFLA_LINK_NETNSID", Ifla.LinkNetNsId)
            .Constant("IFLA_INFO_KIND", Ifla.InfoKind).Constant("IFLA_INFO_DATA", Ifla.InfoData).Constant("VETH_INFO_PEER", Ifla.VethPeer)
            .Constant("IFLA_MACVLAN_MODE", Ifla.MacvlanMode).Constant("MACVLAN_MODE_PRIVATE", (int)MacvlanMode.Private)
            .Constant("MACVLAN_MODE_VEPA", (int)MacvlanMode.Vepa).Constant("MACVLAN_MODE_BRIDGE", (int)MacvlanMode.Bridge)
            .Constant("IFLA_INET_CONF", Ifla.InetConf).Constant("IFLA_INET6_ADDR_GEN_MODE", Ifla.Inet6AddrGenMode)
            .Constant("IN6_ADDR_GEN_MODE_NONE", (int)IPv6AddressGeneration.None)
            .Constant("IN6_ADDR_GEN_MODE_RANDOM", (int)IPv6AddressGeneration.Random)
            .Constant("BRIDGE_VLAN_INFO_RANGE_BEGIN", Ifla.VlanRangeBegin).Constant("BRIDGE_VLAN_INFO_RANGE_END", Ifla.VlanRangeEnd)
            .Constant("RTEXT_FILTER_SKIP_STATS", 8)
            .Constant("IFA_ADDRESS", Ifa.Address).Constant("IFA_LOCAL", Ifa.Local).Constant("IFA_FLAGS", Ifa.Flags)
            .Constant("IFA_F_NODAD", Ifa.FlagNoDad)
            .Constant("RTA_DST", Rta.Destination).Constant("RTA_OIF", Rta.OutputLink).Constant("RTA_GATEWAY", Rta.Gateway)
            .Constant("RTA_PRIORITY", Rta.Priority).Constant("RTA_PREFSRC", Rta.PreferredSource).Constant("RTA_TABLE", Rta.Table)
            .Constant("RTNH_F_ONLINK", Rta.FlagOnLink).Constant("RTM_F_FIB_MATCH", Rta.FlagFibMatch)
            .Constant("RT_TABLE_MAIN", Route.MainTable).Constant("RTPROT_STATIC", Route.StaticProtocol)
            .Constant("NDA_DST", Nda.Destination).Constant("NDA_LLADDR", Nda.LinkAddress).Constant("NDA_PROTOCOL", Nda.Protocol)
            .Constant("NTF_PROXY", Nda.FlagProxy).Constant("NUD_PERMANENT", Nda.StatePermanent)
            .Constant("IPV4_DEVCONF_FORWARDING", (int)IPv4LinkSetting.Forwarding).Constant("IPV4_DEVCONF_PROXY_ARP", (int)IPv4LinkSetting.ProxyArp)
            .Constant("IPV4_DEVCONF_ACCEPT_REDIRECTS", (int)IPv4LinkSetting.AcceptRedirects)
            .Constant("IPV4_DEVCONF_SEND_REDIRECTS", (int)IPv4LinkSetting.SendRedirects)
            .Constant("IPV4_DEVCONF_RP_FILTER", (int)IPv4LinkSetting.ReversePathFilter)
            .Constant("IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE", (int)IPv4LinkSetting.AcceptSourceRoute)
            .Constant("IPV4_DEVCONF_PROMOTE_SECONDARIES", (int)IPv4LinkSetting.PromoteSecondaries)
            .Constant("IPV4_DEVCONF_ROUTE_LOCALNET", (int)IPv4LinkSetting.RouteLocalNet)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Link_flags_scopes_and_route_types_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/if.h", "linux/rtnetlink.h")
            .Constant("IFF_UP", (long)LinkFlags.Up).Constant("IFF_BROADCAST", (long)LinkFlags.Broadcast)
            .Constant("IFF_LOOPBACK", (long)LinkFlags.Loopback).Constant("IFF_POINTOPOINT", (long)LinkFlags.PointToPoint)
            .Constant("IFF_RUNNING", (long)LinkFlags.Running).Constant("IFF_NOARP", (long)LinkFlags.NoArp)
            .Constant("IFF_PROMISC", (long)LinkFlags.Promiscuous).Constant("IFF_SLAVE", (long)LinkFlags.Slave)
            .Constant("IFF_MULTICAST", (long)LinkFlags.Multicast).Constant("IFF_LOWER_UP", (long)LinkFlags.LowerUp)
            .Constant("RT_SCOPE_UNIVERSE", (int)RouteScope.Universe).Constant("RT_SCOPE_SITE", (int)RouteScope.Site)
            .Constant("RT_SCOPE_LINK", (int)RouteScope.Link).Constant("RT_SCOPE_HOST", (int)RouteScope.Host)
            .Constant("RT_SCOPE_NOWHERE", (int)RouteScope.Nowhere)
            .Constant("RTN_UNICAST", (int)RouteType.Unicast).Constant("RTN_LOCAL", (int)RouteType.Local)
            .Constant("RTN_BROADCAST", (int)RouteType.Broadcast).Constant("RTN_ANYCAST", (int)RouteType.Anycast)
            .Constant("RTN_MULTICAST", (int)RouteType.Multicast).Constant("RTN_BLACKHOLE", (int)RouteType.Blackhole)
            .Constant("RTN_UNREACHABLE", (int)RouteType.Unreachable).Constant("RTN_PROHIBIT", (int)RouteType.Prohibit)
            .Constant("RTN_THROW", (int)RouteType.Throw)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Traffic_control_is_as_in_C(Architecture architecture)
        => new AbiUnit("linux/rtnetlink.h", "linux/pkt_sched.h", "linux/pkt_cls.h", "linux/if_link.h")
            .Structure<TrafficControlHeader>(
                "struct tcmsg", ("tcm_family", "Family"), ("tcm_ifindex", "Index"), ("tcm_handle", "Handle"), ("tcm_parent", "Parent"), ("tcm_info", "Info"))
            .Constant("RTM_NEWQDISC", (int)NetlinkMessageType.NewQueueDiscipline).Constant("RTM_NEWTFILTER", (int)NetlinkMessageType.NewTrafficFilter)
            .Constant("TCA_KIND", Tca.Kind).Constant("TCA_OPTIONS", Tca.Options).Constant("TCA_BPF_FD", Tca.BpfDescriptor).Constant("TCA_BPF_NAME", Tca.BpfName)
            .Constant("TCA_BPF_FLAGS", Tca.BpfFlags).Constant("TCA_BPF_FLAG_ACT_DIRECT", Tca.BpfDirectAction)
            .Constant("TC_H_CLSACT", Tca.ClassifierParent).Constant("TC_H_MAKE(TC_H_CLSACT, 0)", Tca.ClassifierHandle)
            .Constant("TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)", Tca.Arriving).Constant("TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)", Tca.Leaving)
            .Structure<TrafficRateSpecification>(
                "struct tc_ratespec", ("cell_log", "CellLog"), ("linklayer", "LinkLayer"), ("overhead", "Overhead"), ("cell_align", "CellAlignment"),
                ("mpu", "SmallestPacket"), ("rate", "Rate"))
            .Structure<HierarchicalClassOptions>(
                "struct tc_htb_opt", ("rate", "Rate"), ("ceil", "Ceiling"), ("buffer", "Burst"), ("cbuffer", "CeilingBurst"), ("quantum", "Quantum"),
                ("level", "Level"), ("prio", "Priority"))
            .Structure<HierarchicalOptions>(
                "struct tc_htb_glob", ("version", "Version"), ("rate2quantum", "RateToQuantum"), ("defcls", "DefaultClass"), ("debug", "Debug"),
                ("direct_pkts", "DirectPackets"))
            .Constant("RTM_NEWTCLASS", (int)NetlinkMessageType.NewTrafficClass).Constant("RTM_DELTCLASS", (int)NetlinkMessageType.DelTrafficClass)
            .Constant("TCA_HTB_PARMS", Tca.HtbClass).Constant("TCA_HTB_INIT", Tca.HtbDiscipline).Constant("TCA_HTB_RATE64", Tca.HtbRate64)
            .Constant("TCA_HTB_CEIL64", Tca.HtbCeiling64).Constant("TC_LINKLAYER_ETHERNET", Tca.EthernetLinkLayer).Constant("TC_H_ROOT", Tca.Root)
            .Constant("IFLA_STATS64", Ifla.Statistics64)
            .Constant("offsetof(struct rtnl_link_stats64, tx_packets)", (int)Marshal.OffsetOf<LinkStatistics>("<SentPackets>k__BackingField"))
            .Constant("offsetof(struct rtnl_link_stats64, rx_bytes)", (int)Marshal.OffsetOf<LinkStatistics>("<ReceivedBytes>k__BackingField"))
            .Constant("offsetof(struct rtnl_link_stats64, tx_bytes)", (int)Marshal.OffsetOf<LinkStatistics>("<SentBytes>k__BackingField"))
            .Verify(architecture);
}
