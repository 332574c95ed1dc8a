using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Network;
using Insula.Engine.Network.Guard;
using Insula.Linux.Netlink;

namespace Insula.System.Tests.Network;

// In the host's own network namespace, with links of our own only; NEIGHBOUR_DEVS never names a link that is not.
// Addresses are from 198.18.0.0/15 (RFC 2544, benchmarks) and a unique local prefix, which nothing else here uses.
public sealed class VenetTests : IDisposable
{
    private static int s_next = 2147480000;

    private readonly UndoStack _undo = new(message => throw new InvalidOperationException(message));
    private readonly UndoStack _cleanUp = new(message => throw new InvalidOperationException(message));
    private readonly RouteSocket? _host;

    public VenetTests()
    {
        Require.Root();
        _host = RouteSocket.Open();
    }

    private RouteSocket Host => _host!;

    public void Dispose()
    {
        _undo.Commit();
        _cleanUp.Dispose();
        _host?.Dispose();
    }

    private static Ctid NewCtid() => new(Interlocked.Increment(ref s_next));

    private Venet NewVenet(string neighbours = "none", bool force = false, string? source = null)
        => new(Host, new VenetOptions
        {
            Neighbours = NeighbourDevices.Parse(neighbours),
            ForceRoute = force,
            RouteSourceDevice = source is null ? null : InterfaceName.Parse(source),
        });

    private TestNamespace NewNamespace()
    {
        var made = new TestNamespace();
        _cleanUp.Push("end a namespace", made.Dispose);
        return made;
    }

    private (Ctid Ctid, TestNamespace Inside, RouteSocket Socket) Connect(Venet venet, params string[] addresses)
    {
        var ctid = NewCtid();
        var inside = NewNamespace();
        var socket = inside.OpenRouteSocket();
        _cleanUp.Push("remove a link", () =>
        {
            socket.Dispose();
            venet.Remove(ctid);
        });
        venet.Connect(ctid, inside.Namespace, socket, [.. addresses.Select(IpPrefix.Parse)], _undo);
        return (ctid, inside, socket);
    }

    // Forwarding of the whole machine is borrowed for the test and given back.
    private void Forward()
    {
        foreach (var file in new[] { "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding" })
        {
            var before = File.ReadAllText(file);
            File.WriteAllText(file, "1");
            _cleanUp.Push("restore forwarding", () => File.WriteAllText(file, before));
        }
    }

    private string OwnAddress(IpFamily family)
        => Host.Addresses().First(a => a.Address.Family == family && a.Scope == RouteScope.Universe).Address.ToString();

    [Fact]
    public void Container_and_host_reach_each_other_by_both_protocols()
    {
        var (ctid, inside, _) = Connect(NewVenet(), "198.18.1.1", "fd49:18:1::1");
        Assert.True(TestNamespace.HostPings("198.18.1.1"));
        Assert.True(TestNamespace.HostPings("fd49:18:1::1"));
        Assert.True(inside.Pings(OwnAddress(IpFamily.IPv4)));
        Assert.True(inside.Pings(OwnAddress(IpFamily.IPv6)));
        Assert.True(inside.Pings("127.0.0.1"));
        Assert.True(inside.Pings("::1"));
        Assert.Equal(["198.18.1.1", "fd49:18:1::1"], NewVenet().RoutedAddresses(ctid).Select(a => a.ToString()));
    }

    [Fact]
    public void Containers_reach_each_other_by_the_hosts_routes_alone()
    {
        Forward();
        var venet = NewVenet();
        var (_, a, _) = Connect(venet, "198.18.2.1/24", "fd49:18:2::1/64");
        Connect(venet, "198.18.2.2/24", "fd49:18:2::2/64");
        Assert.True(a.Pings("198.18.2.2"));
        Assert.True(a.Pings("fd49:18:2::2"));
        Assert.DoesNotContain("REACHABLE", a.Run("ip", "neigh", "show", "nud", "all"));
    }

    [Fact]
    public void The_link_is_as_old_users_know_it_and_has_no_address_of_its_own()
    {
        var (ctid, inside, _) = Connect(NewVenet(), "198.18.3.1");
        var link = Host.FindLink($"venet{ctid}")!;
        Assert.True(link.Flags.HasFlag(LinkFlags.Up | LinkFlags.NoArp));
        Assert.Empty(Host.Addresses(link.Index));
        Assert.Equal("default dev venet0 scope link ", inside.Run("ip", "-o", "-4", "route").TrimEnd('\n').Replace("proto static ", "", StringComparison.Ordinal));
        Assert.DoesNotContain("fe80", inside.Run("ip", "addr", "show", "dev", "venet0"));
        Assert.Equal(link.Kind == "netkit" ? default : VenetName.Mac(ctid), link.Mac ?? default);
    }

    [Fact]
    public void Addresses_come_and_go_while_the_container_runs()
    {
        var venet = NewVenet();
        var (ctid, inside, socket) = Connect(venet);
        foreach (var text in new[] { "198.18.4.1/24", "198.18.4.2/24", "fd49:18:4::1" })
        {
            venet.AddAddress(ctid, socket, IpPrefix.Parse(text), _undo);
            venet.AddAddress(ctid, socket, IpPrefix.Parse(text), _undo);
        }
        Assert.True(TestNamespace.HostPings("198.18.4.1"));
        Assert.True(TestNamespace.HostPings("fd49:18:4::1"));

        // The first of a network goes; the second must stay.
        venet.RemoveAddress(ctid, socket, IpAddress.Parse("198.18.4.1"));
        venet.RemoveAddress(ctid, socket, IpAddress.Parse("198.18.4.1"));
        Assert.False(TestNamespace.HostPingsOnce("198.18.4.1"));
        Assert.True(TestNamespace.HostPings("198.18.4.2"));

        // The last one takes the default route with it; the next must bring it back.
        venet.RemoveAddress(ctid, socket, IpAddress.Parse("198.18.4.2"));
        venet.AddAddress(ctid, socket, IpPrefix.Parse("198.18.4.3"), _undo);
        Assert.True(inside.Pings(OwnAddress(IpFamily.IPv4)));
        Assert.Equal(["198.18.4.3", "fd49:18:4::1"], venet.RoutedAddresses(ctid).Select(a => a.ToString()));
        Assert.DoesNotContain("198.18.4.2", inside.Run("ip", "addr"));
    }

    [Theory]
    [InlineData("198.18.5.1", "198.18.5.2", "198.18.5.99", IpFamily.IPv4)]
    [InlineData("fd49:18:5::1", "fd49:18:5::2", "fd49:18:5::99", IpFamily.IPv6)]
    public void A_container_cannot_use_an_address_that_is_not_its_own(string own, string others, string nobodys, IpFamily family)
    {
        Forward();
        if (family == IpFamily.IPv6)
            Require.Feature("link guard");
        var venet = NewVenet();
        var (_, a, _) = Connect(venet, own);
        var (_, b, _) = Connect(venet, others);
        Assert.True(a.Pings(others));
        a.Run("ip", "addr", "add", nobodys, "dev", "venet0");
        var before = b.EchoRequests();
        Assert.False(a.PingsOnce(others, "-I", nobodys));
        Assert.Equal(before, b.EchoRequests());

        // Under the other container's address: the host would send the answer there.
        a.Run("ip", "addr", "add", others, "dev", "venet0");
        Assert.False(a.PingsOnce(OwnAddress(family), "-I", others));
    }

    [Fact]
    public void Forged_addresses_are_held_back_and_counted_also_when_a_tool_loosens_the_reverse_path_filter()
    {
        Forward();
        Require.Feature("link guard");
        var venet = NewVenet();
        var (ctid, a, _) = Connect(venet, "198.18.16.1", "fd49:18:16::1");
        var (other, b, _) = Connect(venet, "198.18.16.2", "fd49:18:16::2");
        // What systemd-sysctl's "net.ipv4.conf.*.rp_filter = 2" comes to, or worse.
        Host.SetIPv4Settings(Host.FindLink($"venet{ctid}")!.Index, (IPv4LinkSetting.ReversePathFilter, 0));
        a.Run("ip", "addr", "add", "198.18.16.99/32", "dev", "venet0");
        a.Run("ip", "addr", "add", "fd49:18:16::99/128", "dev", "venet0", "nodad");
        Assert.True(a.Pings("198.18.16.2"));
        Assert.True(a.Pings("fd49:18:16::2"));
        var before = b.EchoRequests();
        using var guard = NetworkGuard.TryOpenExisting()!;
        ulong Dropped(Ctid of) => guard.Counts().Where(count => count.Ctid == of && count.Reason == GuardReason.Source).Aggregate(0UL, (sum, count) => sum + count.Packets);
        Assert.Equal(0UL, Dropped(ctid));
        Assert.False(a.PingsOnce("198.18.16.2", "-I", "198.18.16.99"));
        Assert.Equal(1UL, Dropped(ctid));
        Assert.False(a.PingsOnce("fd49:18:16::2", "-I", "fd49:18:16::99"));
        Assert.Equal(2UL, Dropped(ctid));
        Assert.Equal(before, b.EchoRequests());
        Assert.Equal(0UL, Dropped(other));

        // It was the guard that held it: an address that others may use as well is let through.
        venet.AddShared(ctid, IpAddress.Parse("198.18.16.99"), _undo);
        Assert.False(a.PingsOnce("198.18.16.2", "-I", "198.18.16.99"));
        Assert.Equal(before + 1, b.EchoRequests());
        venet.RemoveShared(ctid, IpAddress.Parse("198.18.16.99"), isLast: true);
        Assert.False(a.PingsOnce("198.18.16.2", "-I", "198.18.16.99"));
        Assert.Equal(before + 1, b.EchoRequests());
        venet.Remove(ctid);
        Assert.DoesNotContain(guard.Counts(), count => count.Ctid == ctid);
    }

    [Theory]
    [InlineData("198.18.6.1")]
    [InlineData("fd49:18:6::1")]
    public void An_address_of_another_container_is_refused_before_anything_changes(string address)
    {
        var venet = NewVenet();
        var (owner, _, _) = Connect(venet, address);
        var (ctid, inside, socket) = Connect(venet);
        var before = inside.Run("ip", "addr") + inside.Run("ip", "route");
        var error = Assert.Throws<InsulaException>(() => venet.AddAddress(ctid, socket, IpPrefix.Parse(address), _undo));
        Assert.Equal((ExitCode.AddressInUse, $"IP address {address} is in use by CT {owner}"), (error.Code, error.Message));
        Assert.Equal(before, inside.Run("ip", "addr") + inside.Run("ip", "route"));

        var third = NewCtid();
        using var inThird = NewNamespace().OpenRouteSocket();
        Assert.Throws<InsulaException>(() => venet.Connect(third, NewNamespace().Namespace, inThird, [IpPrefix.Parse(address)], _undo));
        Assert.False(venet.Exists(third));
    }

    [Theory]
    [InlineData(IpFamily.IPv4)]
    [InlineData(IpFamily.IPv6)]
    public void An_address_of_the_host_is_refused(IpFamily family)
        => Assert.Equal(
            ExitCode.AddressInUse,
            Assert.Throws<InsulaException>(() => NewVenet().RequireFree(NewCtid(), [IpPrefix.Parse(OwnAddress(family))])).Code);

    [Theory]
    [InlineData("198.18.7.1")]
    [InlineData("fd49:18:7::1")]
    public void An_address_that_is_routed_elsewhere_is_refused_unless_forced(string address)
    {
        var elsewhere = OtherLink("insvt7", "198.18.107.1");
        var route = new Route { Destination = IpAddress.Parse(address), LinkIndex = elsewhere.Index };
        Assert.True(Host.AddRoute(route));
        _cleanUp.Push("remove a route", () => Host.DeleteRoute(route));
        var error = Assert.Throws<InsulaException>(() => Connect(NewVenet(), address));
        Assert.Equal(ExitCode.AddAddress, error.Code);
        Assert.Contains("insvt7", error.Message);

        var (ctid, _, _) = Connect(NewVenet(force: true), address);
        Assert.Equal([address], NewVenet().RoutedAddresses(ctid).Select(a => a.ToString()));
        _undo.Dispose();
        Assert.Equal(elsewhere.Index, Host.FindRoute(IpAddress.Parse(address))!.LinkIndex);
    }

    [Theory]
    [InlineData("list:insvt8")]
    [InlineData("list:insvt8 lo nonexistent")]
    public void The_host_answers_for_the_address_on_the_links_chosen(string neighbours)
    {
        var uplink = OtherLink("insvt8", "198.18.108.1");
        var venet = NewVenet(neighbours);
        var (ctid, _, socket) = Connect(venet, "198.18.8.1", "fd49:18:8::1");
        venet.AddAddress(ctid, socket, IpPrefix.Parse("198.18.8.2"), _undo);
        string[] Proxied() => [.. Host.NeighbourProxies().Where(p => p.LinkIndex == uplink.Index).Select(p => p.Address.ToString()).Order(StringComparer.Ordinal)];
        Assert.Equal(["198.18.8.1", "198.18.8.2", "fd49:18:8::1"], Proxied());
        venet.RemoveAddress(ctid, socket, IpAddress.Parse("198.18.8.1"));
        Assert.Equal(["198.18.8.2", "fd49:18:8::1"], Proxied());

        // Somebody else's entry is left alone, also when the container took its link away itself.
        Host.AddNeighbourProxy(uplink.Index, IpAddress.Parse("198.18.8.77"));
        socket.DeleteLink(VenetName.Inside);
        Assert.False(venet.Exists(ctid));
        venet.Remove(ctid);
        Assert.Equal(["198.18.8.77"], Proxied());
    }

    [Fact]
    public void A_neighbour_on_the_uplink_finds_the_container()
    {
        Forward();
        var neighbour = NewNamespace();
        var uplink = OtherLink("insvt9", "198.18.109.1", neighbour);
        Host.AddRoute(new Route { Destination = IpAddress.Parse("198.18.109.0"), PrefixLength = 24, LinkIndex = uplink.Index });
        neighbour.Run("ip", "addr", "add", "198.18.109.2/16", "dev", "peer");
        Connect(NewVenet("list:insvt9"), "198.18.9.1");
        Assert.True(neighbour.Pings("198.18.9.1"));
    }

    [Fact]
    public void Packets_of_the_host_carry_the_address_that_was_asked_for()
    {
        OtherLink("insvt10", "198.18.110.1");
        var (ctid, _, _) = Connect(NewVenet(source: "insvt10"), "198.18.10.1");
        var route = Host.FindRoute(IpAddress.Parse("198.18.10.1"))!;
        Assert.Equal("198.18.110.1", route.Source.ToString());
        Assert.Equal(Host.FindLink($"venet{ctid}")!.Index, route.LinkIndex);
    }

    [Fact]
    public void Nothing_is_left_after_removal_and_a_second_removal_is_no_error()
    {
        var venet = NewVenet();
        var (ctid, _, socket) = Connect(venet, "198.18.11.1", "fd49:18:11::1");
        venet.Remove(ctid);
        Assert.False(venet.Exists(ctid));
        Assert.Null(socket.FindLink(VenetName.Inside));
        Assert.Empty(venet.RoutedAddresses(ctid));
        Assert.False(Host.FindRoute(IpAddress.Parse("198.18.11.1"))?.IsHostRoute ?? false);
        venet.Remove(ctid);
    }

    [Fact]
    public void A_failed_start_leaves_nothing_also_when_it_fails_after_the_sockets_are_closed()
    {
        OtherLink("insvt12", "198.18.112.1");
        var ctid = NewCtid();
        var inside = NewNamespace();
        using (var host = RouteSocket.Open())
        using (var socket = inside.OpenRouteSocket())
        {
            new Venet(host, new VenetOptions { Neighbours = NeighbourDevices.Parse("list:insvt12") })
                .Connect(ctid, inside.Namespace, socket, [IpPrefix.Parse("198.18.12.1"), IpPrefix.Parse("fd49:18:12::1")], _undo);
        }
        Assert.Equal(2, Host.NeighbourProxies().Count(proxy => proxy.Address.ToString() is "198.18.12.1" or "fd49:18:12::1"));
        // The stack's report throws, so a step that fails fails the test.
        _undo.Dispose();
        Assert.False(NewVenet().Exists(ctid));
        Assert.DoesNotContain(Host.NeighbourProxies(), proxy => proxy.Address.ToString() is "198.18.12.1" or "fd49:18:12::1");
        using var after = inside.OpenRouteSocket();
        Assert.Null(after.FindLink(VenetName.Inside));
    }

    [Fact]
    public void A_link_that_a_killed_command_left_is_replaced()
    {
        var venet = NewVenet();
        var (ctid, _, _) = Connect(venet, "198.18.13.1");
        var inside = NewNamespace();
        using var socket = inside.OpenRouteSocket();
        venet.Connect(ctid, inside.Namespace, socket, [IpPrefix.Parse("198.18.13.1")], _undo);
        Assert.True(inside.Pings(OwnAddress(IpFamily.IPv4)));
    }

    [Fact]
    public void Every_containers_addresses_are_found_at_once()
    {
        var venet = NewVenet();
        var (a, _, _) = Connect(venet, "198.18.14.1", "fd49:18:14::1");
        var (b, _, _) = Connect(venet);
        var all = venet.RoutedAddresses();
        Assert.Equal(["198.18.14.1", "fd49:18:14::1"], all[a].Select(address => address.ToString()));
        Assert.Empty(all[b]);
    }

    [Fact]
    public void Two_commands_that_add_one_address_at_once_are_told_apart()
    {
        var venet = NewVenet();
        var (a, _, _) = Connect(venet);
        var (b, _, _) = Connect(venet);
        for (var i = 1; i <= 50; i++)
        {
            IpPrefix[] address = [IpPrefix.Parse($"198.18.15.{i}"), IpPrefix.Parse($"fd49:18:15::{i}")];
            using var ready = new Barrier(2);
            var errors = new[] { a, b }.AsParallel().WithDegreeOfParallelism(2).Select(ctid =>
            {
                using var socket = RouteSocket.Open();
                using var undo = new UndoStack(_ => { });
                ready.SignalAndWait();
                var error = Record.Exception(() => new Venet(socket, new VenetOptions { Neighbours = NeighbourDevices.None }).RouteAddresses(ctid, address, undo));
                if (error is null)
                    undo.Commit();
                return error;
            }).ToList();
            Assert.Equal(ExitCode.AddressInUse, Assert.IsType<InsulaException>(Assert.Single(errors, e => e is not null)).Code);
        }
        Assert.Equal(100, venet.RoutedAddresses(a).Count + venet.RoutedAddresses(b).Count);
    }

    // A link that is no container's, standing for an uplink.
    private LinkInfo OtherLink(string name, string address, TestNamespace? other = null)
    {
        Host.CreateVeth(new VethEnd(name), new VethEnd("peer"), (other ?? NewNamespace()).Namespace);
        _cleanUp.Push("remove an uplink", () => Host.DeleteLink(name));
        other?.Run("ip", "link", "set", "peer", "up");
        var link = Host.FindLink(name)!;
        Host.ChangeLink(link.Index, new LinkChange { Up = true });
        Host.AddAddress(link.Index, IpAddress.Parse(address), 32);
        return Host.FindLink(name)!;
    }
}
