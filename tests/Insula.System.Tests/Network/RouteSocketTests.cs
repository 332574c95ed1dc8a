using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Network;

// Everything happens in namespaces made for the test; the host's own network is only read.
public sealed class RouteSocketTests : IDisposable
{
    private readonly TestNamespace? _here;
    private readonly TestNamespace? _there;
    private readonly RouteSocket? _socket;

    public RouteSocketTests()
    {
        Require.Root();
        _here = new TestNamespace();
        _there = new TestNamespace();
        _socket = _here.OpenRouteSocket();
    }

    private RouteSocket Socket => _socket!;

    public void Dispose()
    {
        _socket?.Dispose();
        _here?.Dispose();
        _there?.Dispose();
    }

    private LinkInfo MakeVeth(string name, string peer = "peer")
    {
        Socket.CreateVeth(new VethEnd(name), new VethEnd(peer), _there!.Namespace);
        var link = Socket.FindLink(name);
        Assert.NotNull(link);
        Socket.ChangeLink(link.Index, new LinkChange { Up = true });
        return link;
    }

    [Fact]
    public void A_socket_works_in_the_namespace_it_was_opened_in()
    {
        using var host = RouteSocket.Open();
        Assert.Contains(host.Links(), link => link.Name == "lo" && link.Flags.HasFlag(LinkFlags.Loopback));
        Assert.DoesNotContain(Socket.Links(), link => link.IsUp);
        Assert.Null(Socket.FindLink("eth0"));
    }

    [Fact]
    public void Another_kind_of_socket_is_refused()
    {
        var (read, write) = Files.Pipe();
        using (write)
            Assert.Equal(Errno.ENOTSOCK, Assert.Throws<LinuxException>(() => new RouteSocket(read)).Errno);
        Assert.True(read.IsClosed);
    }

    [Fact]
    public void A_veth_pair_has_one_end_here_and_one_there()
    {
        Socket.CreateVeth(
            new VethEnd("left", new MacAddress(0x020000000001), Mtu: 1400), new VethEnd("right", new MacAddress(0x020000000002), NoArp: true), _there!.Namespace);
        using var there = _there.OpenRouteSocket();
        var left = Socket.FindLink("left")!;
        var right = there.FindLink("right")!;
        Assert.Equal(("veth", 1400, "02:00:00:00:00:01", right.Index, true), (left.Kind, left.Mtu, left.Mac.ToString(), left.PeerIndex, left.PeerIsElsewhere));
        Assert.Equal(("02:00:00:00:00:02", true, false), (right.Mac.ToString(), right.Flags.HasFlag(LinkFlags.NoArp), right.IsUp));
        Assert.Null(Socket.FindLink("right"));

        Assert.True(there.DeleteLink("right"));
        Assert.Null(Socket.FindLink("left"));
        Assert.False(Socket.DeleteLink("left"));
    }

    [Fact]
    public void A_links_properties_can_be_changed()
    {
        var link = MakeVeth("before");
        Socket.ChangeLink(link.Index, new LinkChange { Up = false });
        Socket.ChangeLink(link.Index, new LinkChange { Name = "after", Mtu = 1280, NoArp = true, Mac = new MacAddress(0x020000000009) });
        Socket.SetIPv4Settings(link.Index, (IPv4LinkSetting.ReversePathFilter, 1), (IPv4LinkSetting.ProxyArp, 1));
        Assert.Equal(
            "1\n1\n", _here!.Run("cat", "/proc/sys/net/ipv4/conf/after/rp_filter", "/proc/sys/net/ipv4/conf/after/proxy_arp"));
        var changed = Socket.FindLink(link.Index)!;
        Assert.Equal(("after", 1280, true, "02:00:00:00:00:09"), (changed.Name, changed.Mtu, changed.Flags.HasFlag(LinkFlags.NoArp), changed.Mac.ToString()));
        Assert.Null(Socket.FindLink("before"));
    }

    [Theory]
    [InlineData("192.0.2.5", 24)]
    [InlineData("2001:db8::5", 64)]
    public void Addresses_come_and_go(string text, int length)
    {
        var link = MakeVeth("a");
        var address = IpAddress.Parse(text);
        Assert.True(Socket.AddAddress(link.Index, address, length));
        Assert.False(Socket.AddAddress(link.Index, address, length));
        Assert.Contains(new AddressInfo(link.Index, address, length, RouteScope.Universe), Socket.Addresses(link.Index));
        Assert.DoesNotContain("tentative", _here!.Run("ip", "addr", "show", "dev", "a"));
        Assert.True(Socket.DeleteAddress(link.Index, address, length));
        Assert.False(Socket.DeleteAddress(link.Index, address, length));
        Assert.DoesNotContain(Socket.Addresses(link.Index), known => known.Address == address);
    }

    [Theory]
    [InlineData("192.0.2.5", "198.51.100.0", 24, "192.0.2.1")]
    [InlineData("2001:db8::5", "2001:db8:1::", 48, "2001:db8::1")]
    public void Routes_come_and_go(string own, string network, int length, string router)
    {
        var link = MakeVeth("r");
        var source = IpAddress.Parse(own);
        Socket.AddAddress(link.Index, source, source.BitCount);
        var route = new Route
        {
            Destination = IpAddress.Parse(network),
            PrefixLength = length,
            LinkIndex = link.Index,
            Gateway = IpAddress.Parse(router),
            OnLink = true,
            Source = source,
            Table = 4711,
            Metric = 20,
        };
        Assert.True(Socket.AddRoute(route));
        Assert.False(Socket.AddRoute(route));
        var found = Assert.Single(Socket.Routes(source.Family, link.Index, 4711));
        Assert.Equal(
            (route.Destination, length, route.Gateway, (uint?)20, route.Source, Route.StaticProtocol),
            (found.Destination, found.PrefixLength, found.Gateway, found.Metric, found.Source, found.Protocol));
        Assert.DoesNotContain(Socket.Routes(source.Family), known => known.Gateway == route.Gateway);
        Assert.True(Socket.DeleteRoute(route));
        Assert.False(Socket.DeleteRoute(route));
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8:7::7")]
    public void A_lookup_finds_the_best_entry(string text)
    {
        var link = MakeVeth("l");
        var address = IpAddress.Parse(text);
        Assert.Null(Socket.FindRoute(address));
        Assert.True(Socket.AddRoute(new Route { Family = address.Family, LinkIndex = link.Index }));
        Assert.False(Socket.FindRoute(address)!.IsHostRoute);
        Socket.ReplaceRoute(new Route { Destination = address, LinkIndex = link.Index, Protocol = 73 });
        Socket.ReplaceRoute(new Route { Destination = address, LinkIndex = link.Index, Protocol = 74 });
        var found = Socket.FindRoute(address)!;
        Assert.Equal((true, link.Index, (byte)74, RouteType.Unicast), (found.IsHostRoute, found.LinkIndex, found.Protocol, found.Type));
        Socket.AddAddress(link.Index, address, address.BitCount);
        // The kernel enters the route of an IPv6 address a moment later, from a work queue.
        Assert.True(SpinWait.SpinUntil(() => Socket.FindRoute(address)!.Type == RouteType.Local, TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8:7::7")]
    public void Neighbours_and_proxies_come_and_go(string text)
    {
        var link = MakeVeth("n");
        var address = IpAddress.Parse(text);
        var mac = new MacAddress(0x020000000077);
        Socket.AddNeighbourProxy(link.Index, address, 73);
        Socket.AddNeighbourProxy(link.Index, address, 73);
        Assert.Equal(new NeighbourInfo(link.Index, address, null, true, 73), Assert.Single(Socket.NeighbourProxies()));
        Assert.True(Socket.DeleteNeighbourProxy(link.Index, address));
        Assert.False(Socket.DeleteNeighbourProxy(link.Index, address));
        Assert.Empty(Socket.NeighbourProxies());

        Socket.SetPermanentNeighbour(link.Index, address, mac);
        Assert.Contains(Socket.Neighbours(), known => known.Address == address && known.Mac == mac && !known.IsProxy);
        Assert.Contains("PERMANENT", _here!.Run("ip", "neigh", "show", text));
        Assert.True(Socket.DeleteNeighbour(link.Index, address));
        Assert.False(Socket.DeleteNeighbour(link.Index, address));
    }

    [Fact]
    public void A_long_table_arrives_whole()
    {
        var link = MakeVeth("many");
        for (var i = 0; i < 2000; i++)
            Assert.True(Socket.AddRoute(new Route { Destination = new IpAddress(IpFamily.IPv4, 0x0a630000u + (uint)i), LinkIndex = link.Index }));
        Assert.Equal(2000, Socket.Routes(IpFamily.IPv4, link.Index).Count);
    }

    [Fact]
    public void An_error_tells_what_was_tried_and_the_kernels_words()
    {
        var error = Assert.Throws<LinuxException>(() => Socket.AddRoute(new Route { Destination = IpAddress.Parse("192.0.2.1"), PrefixLength = 24, LinkIndex = 1 }));
        Assert.Equal("Cannot add route 192.0.2.1/24: EINVAL (invalid argument)", error.Message);
        Assert.StartsWith("the kernel says: ", error.Hint);
        Assert.Throws<LinuxException>(() => Socket.FindLink("no/name"));
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => { MakeVeth("twice"); MakeVeth("twice", "other"); }).Errno);
    }
}
