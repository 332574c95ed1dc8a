using System.Diagnostics;
using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>Containers among others on a network: a DHCP server outside, neighbours who listen, VLANs, addresses that somebody has, very many addresses.</summary>
public sealed class NetworkProofTests : IDisposable
{
    private const string DhcpScript = """
        #!/bin/sh
        case $1 in
        bound|renew) ip addr flush dev $interface; ip addr add $ip/$mask dev $interface; ip route add default via $router ;;
        esac
        exit 0
        """;

    private readonly NetworkHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_container_gets_its_addresses_from_a_server_and_a_router_outside()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/dnsmasq"), "needs dnsmasq");
        using var beyond = _host.Network.Uplink("up0");
        beyond.Run("sh", "-c", "ip addr add 10.24.0.1/24 dev far; ip addr add fd49:24::1/64 dev far nodad");
        _host.Host.Insula("net", "add-bridge", "br0", "--uplink", "up0").Succeeds();
        var ctid = _host.Host.Container(started: true);
        _host.Host.VzctlFed(
            $"mkdir -p /etc/network /etc/udhcpc /var/run; for name in udhcpc ifup; do ln -s busybox /bin/$name; done; : > /etc/network/interfaces\n"
            + $"cat > /etc/udhcpc/default.script <<'END'\n{DhcpScript}\nEND\nchmod 755 /etc/udhcpc/default.script\n", "exec2", $"{ctid}", "sh").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0,02:00:00:00:24:05,,,br0", "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ifname", "eth0", "--dhcp", "yes", "--dhcp6", "yes", "--save").Succeeds();
        Assert.Contains("iface eth0 inet dhcp", _host.Host.In(ctid, "cat /etc/network/interfaces"));
        var log = Path.Combine(_host.Host.Base, "dnsmasq.log");
        string[] server =
        [
            .. beyond.Entry, "dnsmasq", "--keep-in-foreground", "--user=root", "--conf-file=/dev/null", "--pid-file=", "--port=0", "--interface=far", "--bind-interfaces",
            $"--dhcp-leasefile={_host.Host.Base}/leases", $"--log-facility={log}", "--log-dhcp", "--dhcp-authoritative", "--no-ping", "--dhcp-range=10.24.0.100,10.24.0.101,255.255.255.0,10m",
            "--enable-ra", "--dhcp-range=fd49:24::,ra-only,64,10m",
        ];
        using var dnsmasq = Process.Start(new ProcessStartInfo(server[0], server[1..]))!;
        try
        {
            // The program of busybox gives up after some requests, which a slow machine may need.
            Assert.True(Enumerable.Range(0, 10).Any(_ => _host.Vzctl("exec2", $"{ctid}", "ip link set eth0 up; busybox udhcpc -n -q -i eth0").Code == 0), File.Exists(log) ? File.ReadAllText(log) : "no log");
            Assert.Contains("inet 10.24.0.10", _host.Host.In(ctid, "ip addr show eth0"));
            Assert.Contains("DHCPACK(far) 10.24.0.10", File.ReadAllText(log));
            Assert.True(_host.Pings(ctid, "10.24.0.1"));
            // By the router's advertisement, which it answers a solicitation with.
            Assert.True(
                SpinWait.SpinUntil(() => _host.Host.In(ctid, "ip addr show eth0").Contains("inet6 fd49:24:", StringComparison.Ordinal) || Pause(), TimeSpan.FromMinutes(2)),
                _host.Host.In(ctid, "ip addr show eth0"));
            Assert.True(_host.Pings(ctid, "fd49:24::1"));
        }
        finally
        {
            dnsmasq.Kill();
            dnsmasq.WaitForExit();
        }
    }

    [Fact]
    public void A_listener_in_a_container_hears_nothing_of_what_its_neighbours_say_to_each_other()
    {
        _host.Host.Insula("net", "add-bridge", "br0", "--address", "10.25.0.1/24", "--address", "fd49:25::1/64").Succeeds();
        List<int> all = [.. new[] { 2, 3, 4 }.Select(number => _host.Bridged("br0", $"10.25.0.{number}/24", $"fd49:25::{number}/64"))];
        for (var i = 0; i < all.Count; i++)
            _host.Vzctl("set", $"{all[i]}", "--ipadd", $"10.26.0.{i + 2}", "--ipadd", $"fd49:26::{i + 2}").Succeeds();
        foreach (var (link, network4, network6) in new[] { ("eth0", "10.25.0.", "fd49:25::"), ("venet0", "10.26.0.", "fd49:26::") })
        {
            using var capture = new Capture(_host.EntryOf(all[0]), link);
            foreach (var address in new[] { $"{network4}4", $"{network6}4", $"{network4}1", $"{network6}1" }.Where(address => link == "eth0" || address.EndsWith('4')))
                Assert.True(_host.Pings(all[1], address), address);
            Assert.True(_host.Pings(all[1], $"{network4}2"));
            var lines = capture.Until($"{network4}3 > {network4}2: ICMP echo request");
            // What is for everybody is heard: questions for addresses.
            Assert.DoesNotContain(lines, line => line.Contains("ICMP", StringComparison.Ordinal) && line.Contains("echo", StringComparison.Ordinal)
                && !line.Contains($"{network4}2", StringComparison.Ordinal) && !line.Contains($"{network6}2", StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => line.Contains("is-at", StringComparison.Ordinal) && !line.Contains($"{network4}2", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Containers_on_one_bridge_are_kept_apart_by_vlans()
    {
        var made = _host.Host.Insula("net", "add-bridge", "br0", "--vlan-aware");
        if (made.Code != 0)
        {
            // Where the kernel cannot, it is said, and nothing is left.
            made.Fails(130, "Cannot make bridge br0");
            Assert.DoesNotContain("br0", _host.Network.Run("ip", "-o", "link"));
            Assert.Skip($"needs bridges that keep VLANs apart: {made.Error.Trim()}");
        }
        List<int> all = [.. new[] { (2, 10), (3, 10), (4, 20) }.Select(each => _host.Bridged("br0", $"10.27.0.{each.Item1}/24", $"fd49:27::{each.Item1}/64", "--vlan", $"{each.Item2}"))];
        Assert.True(_host.Pings(all[0], "10.27.0.3"));
        Assert.True(_host.Pings(all[0], "fd49:27::3"));
        Assert.False(_host.PingsOnce(all[0], "10.27.0.4"));
        Assert.False(_host.PingsOnce(all[0], "fd49:27::4"));
        _host.Vzctl("set", $"{all[2]}", "--ifname", "eth0", "--vlan", "10", "--save").Succeeds();
        Assert.True(_host.Pings(all[0], "10.27.0.4"));
        Assert.True(_host.Pings(all[0], "fd49:27::4"));
        // Out of the old one it is, too; and back in the bridge's own.
        Assert.Single(_host.Network.Run("bridge", "-o", "vlan", "show", "dev", $"veth{all[2]}.0").Split('\n'), line => line.Contains("Untagged", StringComparison.Ordinal));
        _host.Vzctl("set", $"{all[2]}", "--ifname", "eth0", "--vlan", "0", "--save").Succeeds();
        Assert.False(_host.PingsOnce(all[0], "10.27.0.4"));
        Assert.Matches(@"\b1 PVID Egress Untagged", _host.Network.Run("bridge", "vlan", "show", "dev", $"veth{all[2]}.0"));
        // A bridge that does not keep them apart is none for this.
        _host.Host.Insula("net", "add-bridge", "br2").Succeeds();
        var before = File.ReadAllText(_host.Host.ConfigFile(all[2]));
        _host.Vzctl("set", $"{all[2]}", "--ifname", "eth0", "--bridge", "br2", "--vlan", "10", "--save").Fails(130, "does not keep VLANs apart");
        Assert.Equal(before, File.ReadAllText(_host.Host.ConfigFile(all[2])));
        Assert.Contains("master br0", _host.Network.Run("ip", "-o", "link", "show", "dev", $"veth{all[2]}.0"));
    }

    [Fact]
    public void An_address_that_a_neighbour_has_is_told_of_or_refused_as_vz_conf_says()
    {
        using var beyond = _host.Network.Uplink("up0");
        _host.Network.Run("sh", "-c", "ip addr add 10.28.0.1/24 dev up0; ip addr add fd49:28::1/64 dev up0 nodad");
        beyond.Run("sh", "-c", "ip addr add 10.28.0.50/24 dev far; ip addr add fd49:28::50/64 dev far nodad");
        _host.Configure("NEIGHBOUR_DEVS", "list:up0 gone0");
        _host.Configure("ERROR_ON_ARPFAIL", "yes");
        var ctid = _host.Host.Container(started: true);
        foreach (var address in new[] { "10.28.0.50", "fd49:28::50" })
        {
            var before = _host.Network.Run("ip", "-o", "addr") + File.ReadAllText(_host.Host.ConfigFile(ctid));
            _host.Vzctl("set", $"{ctid}", "--ipadd", address, "--save").Fails(78, $"{address} is in use on the network of up0");
            Assert.Equal(before, _host.Network.Run("ip", "-o", "addr") + File.ReadAllText(_host.Host.ConfigFile(ctid)));
            Assert.DoesNotContain(address, _host.Host.In(ctid, "ip addr"));
            _host.Vzctl("set", $"{ctid}", "--ipadd", address, "--skip_arpdetect").Succeeds();
            _host.Vzctl("set", $"{ctid}", "--ipdel", address).Succeeds();
        }
        _host.Configure("ERROR_ON_ARPFAIL", "no");
        foreach (var address in new[] { "10.28.0.50", "fd49:28::50" })
        {
            Assert.Contains("is in use on the network of up0", _host.Vzctl("set", $"{ctid}", "--ipadd", address).Succeeds().Error);
            _host.Vzctl("set", $"{ctid}", "--ipdel", address).Succeeds();
        }
        _host.Configure("SKIP_ARPDETECT", "yes");
        Assert.DoesNotContain("in use", _host.Vzctl("set", $"{ctid}", "--ipadd", "10.28.0.50", "--save").Succeeds().Error);

        // An uplink that has gone: the container starts all the same, and is not announced anywhere.
        _host.Network.Run("ip", "link", "del", "up0");
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.Equal("", _host.Network.Run("ip", "neigh", "show", "proxy").Trim());
        _host.Configure("VE_ROUTE_SRC_DEV", "up0");
        _host.Vzctl("set", $"{ctid}", "--ipadd", "10.28.0.60").Fails(34, "up0, which does not exist");
        Assert.DoesNotContain("10.28.0.60", _host.Host.In(ctid, "ip addr"));
    }

    [Fact]
    public void A_container_may_have_a_thousand_addresses()
    {
        string[] addresses = [.. Enumerable.Range(1, 1000).Select(i => i % 2 == 0 ? $"10.29.{i / 250}.{i % 250 + 1}" : $"fd49:29::{i:x}")];
        _host.Network.Run("ip", "addr", "add", "10.29.255.1/32", "dev", "lo");
        var ctid = _host.Host.Container(started: true);
        string[] options = [.. addresses.SelectMany(address => new[] { "--ipadd", address })];
        _host.Vzctl(["set", $"{ctid}", .. options, "--save"]).Succeeds();
        void AssertThere(int count)
        {
            // One line each: inet ADDRESS/32 or inet6 ADDRESS/128.
            Assert.Equal(count, _host.Inside(ctid, "ip", "-o", "addr", "show", "dev", "venet0").Split('\n').Count(line => line.Contains("10.29.", StringComparison.Ordinal) || line.Contains("fd49:29::", StringComparison.Ordinal)));
            Assert.Equal(count, (_host.Network.Run("ip", "route") + _host.Network.Run("ip", "-6", "route")).Split('\n').Count(line => line.Contains($"dev venet{ctid}", StringComparison.Ordinal)));
            Assert.Equal(count, _host.Host.Vzlist("-H", "-o", "ip", $"{ctid}").Succeeds().Output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Count(word => word != "-"));
        }
        AssertThere(1000);
        Assert.True(_host.Pings(ctid, addresses[0]));
        Assert.Equal(0, _host.Network.TryRun("ping", "-n", "-c", "1", "-W", "10", addresses[999]).Code);
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        AssertThere(1000);
        _host.Vzctl(["set", $"{ctid}", .. addresses[..500].SelectMany(address => new[] { "--ipdel", address }), "--save"]).Succeeds();
        AssertThere(500);
        _host.Vzctl("set", $"{ctid}", "--ipdel", "all", "--save").Succeeds();
        AssertThere(0);
    }

    private static bool Pause()
    {
        Thread.Sleep(100);
        return false;
    }
}
