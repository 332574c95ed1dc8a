using Insula.Linux.Netlink;

namespace Insula.Linux.Tests.Netlink;

// The bytes are those of a little-endian machine, which both architectures are, laid out by hand after linux/rtnetlink.h.
public class NetlinkWriterTests
{
    private static string Hex(NetlinkWriter message, uint sequence) => Convert.ToHexStringLower(message.Finish(sequence));

    private static byte[] DirtyBuffer()
    {
        var buffer = new byte[512];
        buffer.AsSpan().Fill(0xaa);
        return buffer;
    }

    [Fact]
    public void A_host_route_is_written_as_the_kernel_wants_it()
    {
        var route = new Route { Destination = IpAddress.Parse("10.0.0.5"), LinkIndex = 7, Protocol = 73 };
        var message = RouteSocket.NewRoute(DirtyBuffer(), route, NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Exclusive);
        Assert.Equal(
            "34000000" + "1800" + "0506" + "09000000" + "00000000" // nlmsghdr: 52 bytes, RTM_NEWROUTE, request|ack|excl|create
            + "02" + "20" + "00" + "00" + "00" + "49" + "fd" + "01" + "00000000" // rtmsg: /32, proto 73, scope link, unicast
            + "0800" + "0f00" + "fe000000" // RTA_TABLE main
            + "0800" + "0100" + "0a000005" // RTA_DST
            + "0800" + "0400" + "07000000", // RTA_OIF
            Hex(message, 9));
    }

    [Fact]
    public void An_IPv6_default_route_by_a_gateway_has_no_destination()
    {
        var route = new Route { Family = IpFamily.IPv6, LinkIndex = 2, Gateway = IpAddress.Parse("fe80::1"), OnLink = true, Metric = 5 };
        var message = RouteSocket.NewRoute(DirtyBuffer(), route, NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace);
        Assert.Equal(
            "48000000" + "1800" + "0505" + "01000000" + "00000000"
            + "0a" + "00" + "00" + "00" + "00" + "04" + "00" + "01" + "04000000" // RTNH_F_ONLINK
            + "0800" + "0f00" + "fe000000"
            + "0800" + "0400" + "02000000"
            + "1400" + "0500" + "fe800000000000000000000000000001" // RTA_GATEWAY
            + "0800" + "0600" + "05000000", // RTA_PRIORITY
            Hex(message, 1));
    }

    [Fact]
    public void A_neighbour_proxy_is_written_as_the_kernel_wants_it()
    {
        var message = RouteSocket.NewNeighbour(
            DirtyBuffer(), 3, IpAddress.Parse("10.0.0.5"), NetlinkMessageType.NewNeighbour, Nda.FlagProxy, NetlinkFlags.Create | NetlinkFlags.Replace);
        Assert.Equal(
            "24000000" + "1c00" + "0505" + "02000000" + "00000000"
            + "02" + "00" + "0000" + "03000000" + "8000" + "08" + "00" // ndmsg: link 3, NUD_PERMANENT, NTF_PROXY
            + "0800" + "0100" + "0a000005",
            Hex(message, 2));
    }

    [Fact]
    public void A_veth_pair_nests_its_other_end_and_pads_with_zeros()
    {
        var mac = new MacAddress(0x024900000065);
        var message = RouteSocket.NewVeth(
            DirtyBuffer(), new VethEnd("venet101", mac, NoArp: true), new VethEnd("venet0", mac, NoArp: true), LinkNamespace.OfProcess(4242));
        Assert.Equal(
            "84000000" + "1000" + "0506" + "03000000" + "00000000" // 132 bytes, RTM_NEWLINK
            + "00" + "00" + "0000" + "00000000" + "80000000" + "80000000" // ifinfomsg: IFF_NOARP
            + "0d00" + "0300" + "76656e657431303100" + "000000" // IFLA_IFNAME "venet101", NUL, padding
            + "0a00" + "0100" + "024900000065" + "0000" // IFLA_ADDRESS, padding
            + "4800" + "1200" // IFLA_LINKINFO
            + "0900" + "0100" + "7665746800" + "000000" // IFLA_INFO_KIND "veth"
            + "3800" + "0200" // IFLA_INFO_DATA
            + "3400" + "0100" // VETH_INFO_PEER
            + "00" + "00" + "0000" + "00000000" + "80000000" + "80000000"
            + "0b00" + "0300" + "76656e65743000" + "00"
            + "0a00" + "0100" + "024900000065" + "0000"
            + "0800" + "1300" + "92100000", // IFLA_NET_NS_PID 4242
            Hex(message, 3));
    }

    [Fact]
    public void A_BPF_filter_of_what_leaves_is_written_as_tc_does()
        => Assert.Equal(
            "4c000000" + "2c00" + "0505" + "07000000" + "00000000" // RTM_NEWTFILTER
            + "00" + "000000" + "05000000" + "01000000" + "f3ffffff" + "00034900" // tcmsg: handle 1, clsact egress, priority 73, ETH_P_ALL
            + "0800" + "0100" + "62706600" // TCA_KIND "bpf"
            + "2000" + "0200" // TCA_OPTIONS
            + "0800" + "0600" + "09000000" // TCA_BPF_FD
            + "0b00" + "0700" + "696e73756c6100" + "00" // TCA_BPF_NAME "insula"
            + "0800" + "0800" + "01000000", // TCA_BPF_FLAGS: direct action
            Hex(RouteSocket.NewClassifier(DirtyBuffer(), 5, 9, "insula", leaving: true), 7));

    [Fact]
    public void The_discipline_clsact_is_written_as_tc_does()
        => Assert.Equal(
            "30000000" + "2400" + "0506" + "07000000" + "00000000"
            + "00" + "000000" + "05000000" + "0000ffff" + "f1ffffff" + "00000000"
            + "0b00" + "0100" + "636c7361637400" + "00",
            Hex(RouteSocket.NewClassifierDiscipline(DirtyBuffer(), 5), 7));
}
