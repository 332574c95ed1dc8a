using System.Text.RegularExpressions;
using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>Interfaces of NETIF on a bridge, the host side being a namespace of the test's own.</summary>
public sealed class InterfaceTests : IDisposable
{
    private readonly PrivateNetwork _network = new();
    private readonly CommandHost _host = new();

    public InterfaceTests()
    {
        _host.Network = _network;
        _host.Insula("net", "add-bridge", "br0", "--address", "10.9.0.1/24", "--address", "fd49:9::1/64").Succeeds();
    }

    public void Dispose()
    {
        _host.Dispose();
        // Nothing of a container is left; the bridge is the administrator's.
        var links = _network.Run("ip", "-o", "link");
        var rules = _network.TryRun("nft", "list", "ruleset").Output;
        _network.Dispose();
        Assert.DoesNotContain("veth", links);
        Assert.DoesNotContain("venet", links);
        Assert.DoesNotContain("insula", rules);
    }

    private int Init(int ctid) => int.Parse(File.ReadAllText($"{_host.Base}/run/{ctid}/init").Split(' ', '\n')[0]);

    private string Setting(int ctid, string key)
    {
        var line = File.ReadLines(_host.ConfigFile(ctid)).Single(line => line.StartsWith("NETIF=", StringComparison.Ordinal));
        return Regex.Match(line, $"[\",]{key}=([^,;\"]*)").Groups[1].Value;
    }

    /// <summary>A container with eth0 on the bridge, with these addresses, which its owner configures.</summary>
    private int Bridged(int number, bool known, params string[] options)
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0,,,,br0", "--save").Succeeds();
        if (known || options.Length > 0)
        {
            List<string> words = ["set", $"{ctid}", "--ifname", "eth0", .. options, "--save"];
            if (known)
                words.AddRange(["--ipadd", $"10.9.0.{number}/24", "--ipadd", $"fd49:9::{number}/64"]);
            _host.Vzctl(words).Succeeds();
        }
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Configure(ctid, number);
        return ctid;
    }

    // What the network service of a container does, which busybox has not.
    private void Configure(int ctid, int number)
        => _network.Run("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "sh", "-c",
            $"ip link set eth0 up; ip addr flush dev eth0 scope global; ip addr add 10.9.0.{number}/24 dev eth0; ip addr add fd49:9::{number}/64 dev eth0 nodad");

    private bool Pings(int ctid, string address)
        => Enumerable.Range(0, 20).Any(_ => _network.TryRun("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "ping", "-n", "-c", "1", "-W", "1", address).Code == 0);

    private ulong Dropped(int ctid, string reason)
    {
        var json = _host.Insula("net", "counters", $"{ctid}", "--json").Succeeds().Output;
        return ulong.Parse(Regex.Match(json, $"\"reason\": \"{reason}\",\\s*\"packets\": (\\d+)").Groups[1].Value);
    }

    [Fact]
    public void An_interface_comes_with_the_container_and_goes_with_it()
    {
        var a = Bridged(2, known: true);
        var b = Bridged(3, known: false);
        Assert.Matches($"^ifname=eth0,bridge=br0,mac=00:18:51:..:..:..,host_ifname=veth{a}\\.0,host_mac=fe:18:51:..:..:..,ip=10.9.0.2/24,ip=fd49:9::2/64$",
            File.ReadLines(_host.ConfigFile(a)).Single(line => line.StartsWith("NETIF=", StringComparison.Ordinal))[7..^1]);
        Assert.Contains(Setting(a, "mac"), _host.In(a, "ip link show eth0"));
        Assert.Contains($"veth{a}.0 (CT {a})", _host.Insula("net", "bridges").Succeeds().Output);
        foreach (var address in new[] { "10.9.0.3", "fd49:9::3", "10.9.0.1", "fd49:9::1" })
            Assert.True(Pings(a, address), address);
        Assert.True(Pings(b, "fd49:9::2"));

        // A second one on the running container, configured inside, and away again.
        _host.Vzctl("set", $"{a}", "--netif_add", "lan,02:00:00:00:00:aa,lan" + $"{a},,br0").Succeeds();
        _host.Vzctl("set", $"{a}", "--ifname", "lan", "--ipadd", "10.9.0.77/24").Succeeds();
        Assert.Contains("02:00:00:00:00:aa", _host.In(a, "ip link show lan"));
        Assert.Contains("10.9.0.77/24", _host.In(a, "ip addr show lan"));
        _host.Vzctl("set", $"{a}", "--netif_del", "lan").Succeeds();
        Assert.DoesNotContain("lan:", _host.In(a, "ip link"));
        Assert.DoesNotContain($"lan{a}", _network.Run("ip", "link") + _network.Run("nft", "list", "table", "netdev", "insula"));

        _host.Vzctl("stop", $"{a}").Succeeds();
        Assert.DoesNotContain($"veth{a}.0", _network.Run("ip", "link") + _network.Run("nft", "list", "table", "netdev", "insula"));
        _host.Vzctl("set", $"{a}", "--netif_del", "all", "--save").Succeeds();
        Assert.DoesNotContain("NETIF=", File.ReadAllText(_host.ConfigFile(a)));
    }

    /// <summary>What an attacker with 10.9.0.2 and fd49:9::2 sends in the name of the victim, the router, or nobody; with the counter that shows it.</summary>
    private static IReadOnlyList<(string Marker, string Reason, byte[] Frame)> Forgeries(string own, string others) =>
    [
        ("FORGED-SOURCE-4", "source", RawFrame.Udp4(own, "10.9.0.3", "10.9.0.255", 5000, 5000, "FORGED-SOURCE-4")),
        ("FORGED-SOURCE-6", "source", RawFrame.Udp6(own, "fd49:9::3", "ff02::1", 5000, 5000, "FORGED-SOURCE-6")),
        ("FORGED-ROUTER-4", "source", RawFrame.Udp4(own, "10.9.0.1", "10.9.0.255", 5000, 5000, "FORGED-ROUTER-4")),
        ("FORGED-MAC", "mac", RawFrame.Udp4(others, "10.9.0.2", "10.9.0.255", 5000, 5000, "FORGED-MAC")),
        ("FORGED-ARP-REPLY", "arp", RawFrame.Arp(own, own, "10.9.0.1", "10.9.0.3", reply: true, "FORGED-ARP-REPLY")),
        ("FORGED-ARP-REQUEST", "arp", RawFrame.Arp(own, own, "10.9.0.3", "10.9.0.3", reply: false, "FORGED-ARP-REQUEST")),
        ("FORGED-ARP-MAC", "arp", RawFrame.Arp(own, others, "10.9.0.2", "10.9.0.3", reply: true, "FORGED-ARP-MAC")),
        ("FORGED-ADVERTISEMENT", "neighbour", RawFrame.Discovery(own, "fd49:9::2", 136, "fd49:9::3", "FORGED-ADVERTISEMENT")),
        ("FORGED-GATEWAY", "neighbour", RawFrame.Discovery(own, "fd49:9::2", 136, "fd49:9::1", "FORGED-GATEWAY")),
        ("FORGED-DAD", "neighbour", RawFrame.Discovery(own, "::", 135, "fd49:9::3", "FORGED-DAD")),
        ("ROUTER-ADVERTISEMENT", "router", RawFrame.Discovery(own, "fe80::1234", 134, "fe80::1234", "ROUTER-ADVERTISEMENT")),
        ("REDIRECT", "router", RawFrame.Discovery(own, "fe80::1234", 137, "fd49:9::99", "REDIRECT")),
        ("DHCP-OFFER", "dhcp", RawFrame.Udp4(own, "10.9.0.2", "255.255.255.255", 67, 68, "DHCP-OFFER")),
        ("DHCP6-REPLY", "dhcp", RawFrame.Udp6(own, "fd49:9::2", "ff02::1", 547, 546, "DHCP6-REPLY")),
        ("DHCP-AS-OTHER", "dhcp", RawFrame.DhcpRequest(own, others, "DHCP-AS-OTHER")),
        ("VLAN-TAG", "protocol", RawFrame.Tagged(RawFrame.Udp4(own, "10.9.0.2", "10.9.0.255", 5000, 5000, "VLAN-TAG"), 7)),
        ("SPANNING-TREE", "protocol", RawFrame.Ethernet("01:80:c2:00:00:00", own, 0x0026, new byte[38], "SPANNING-TREE")),
    ];

    private static byte[] Honest(string own, string marker) => RawFrame.Udp4(own, "10.9.0.2", "10.9.0.255", 5000, 5000, marker);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_that_is_forged_reaches_another_container_and_all_of_it_is_counted(bool known)
    {
        Require.Feature("link guard");
        var attacker = Bridged(2, known);
        var victim = Bridged(3, known: true);
        var forgeries = Forgeries(Setting(attacker, "mac"), Setting(victim, "mac"));
        using var listener = new FrameListener(Init(victim), "eth0");
        RawFrame.Send(Init(attacker), "eth0", [.. forgeries.Select(forgery => forgery.Frame), Honest(Setting(attacker, "mac"), "HONEST")]);
        Assert.Empty(listener.SeenUntil("HONEST", [.. forgeries.Select(forgery => forgery.Marker)]));
        foreach (var group in forgeries.GroupBy(forgery => forgery.Reason))
            Assert.True((ulong)group.Count() <= Dropped(attacker, group.Key), group.Key);
        Assert.Equal(0UL, Dropped(victim, "source"));
        Assert.Contains("neighbour", _host.Insula("net", "counters", $"{attacker}").Succeeds().Output);
    }

    [Fact]
    public void The_administrator_can_take_the_guard_off_an_interface_and_put_it_on_again()
    {
        Require.Feature("link guard");
        var attacker = Bridged(2, known: true, "--mac_filter", "off", "--ip_filter", "off");
        var victim = Bridged(3, known: true);
        // A bridge itself keeps messages of its spanning tree.
        var forgeries = Forgeries(Setting(attacker, "mac"), Setting(victim, "mac")).Where(forgery => forgery.Marker != "SPANNING-TREE").ToList();
        List<string> markers = [.. forgeries.Select(forgery => forgery.Marker)];
        using var listener = new FrameListener(Init(victim), "eth0");
        RawFrame.Send(Init(attacker), "eth0", [.. forgeries.Select(forgery => forgery.Frame), Honest(Setting(attacker, "mac"), "HONEST-1")]);
        // What carries the victim's hardware address as its source is looked for where it would be sent to now.
        Assert.Equal(markers.Except(["VLAN-TAG"]), listener.SeenUntil("HONEST-1", markers).Except(["VLAN-TAG"]));

        _host.Vzctl("set", $"{attacker}", "--ifname", "eth0", "--mac_filter", "on", "--ip_filter", "on", "--save").Succeeds();
        RawFrame.Send(Init(attacker), "eth0", [.. forgeries.Select(forgery => forgery.Frame), Honest(Setting(attacker, "mac"), "HONEST-2")]);
        Assert.Empty(listener.SeenUntil("HONEST-2", markers));
    }

    [Fact]
    public void A_container_that_gets_its_address_elsewhere_may_use_any_but_others()
    {
        Require.Feature("link guard");
        var free = Bridged(50, known: false);
        var owner = Bridged(3, known: true);
        Assert.True(Pings(free, "10.9.0.3"));
        Assert.True(Pings(free, "fd49:9::3"));
        Configure(free, 51);
        Assert.True(Pings(free, "10.9.0.3"));
        Assert.True(Pings(free, "fd49:9::3"));

        // An address of another container is refused when it is given, and held back when it is taken.
        _host.Vzctl("set", $"{free}", "--ifname", "eth0", "--ipadd", "10.9.0.3").Fails(78, "10.9.0.3 is in use");
        _host.Vzctl("set", $"{free}", "--ifname", "eth0", "--ipadd", "10.9.0.1").Fails(78, "10.9.0.1 is in use");
        Configure(free, 3);
        var before = Dropped(free, "arp");
        Assert.NotEqual(0, _network.TryRun("nsenter", $"--net=/proc/{Init(free)}/ns/net", "--", "ping", "-n", "-c", "1", "-W", "2", "10.9.0.1").Code);
        Assert.True(Dropped(free, "arp") > before);
        Assert.True(Pings(owner, "10.9.0.1"));
    }

    [Fact]
    public void A_flushed_table_is_back_and_no_other_table_is_touched()
    {
        Require.Feature("link guard");
        Require.Feature(Insula.Engine.Host.StorageFeatures.Fuse);
        _host.UseDaemon();
        var attacker = Bridged(2, known: true);
        var victim = Bridged(3, known: true);
        var forgery = RawFrame.Arp(Setting(attacker, "mac"), Setting(attacker, "mac"), "10.9.0.1", "10.9.0.3", reply: true, "FORGED");
        RawFrame.Send(Init(attacker), "eth0", forgery, forgery);
        Assert.Equal(2UL, Dropped(attacker, "arp"));
        _network.Run("nft", "add", "table", "inet", "others");
        foreach (var damage in new[] { "flush ruleset", "delete table netdev insula", "flush chain netdev insula addresses" })
        {
            _network.Run("nft", damage);
            var whole = SpinWait.SpinUntil(
                () => _network.TryRun("nft", "list", "table", "netdev", "insula") is { Code: 0, Output: var rules } && Whole(rules, attacker, victim), TimeSpan.FromSeconds(60));
            Assert.True(whole, $"after {damage}: {_host.Daemon!.Log()}\n{_network.TryRun("nft", "list", "ruleset").Output}");
            using var listener = new FrameListener(Init(victim), "eth0");
            // Newer kernels do not tell what a counter had come to when its table was deleted: then it begins anew.
            var before = Dropped(attacker, "arp");
            RawFrame.Send(Init(attacker), "eth0", forgery, Honest(Setting(attacker, "mac"), "HONEST"));
            Assert.Empty(listener.SeenUntil("HONEST", "FORGED"));
            Assert.Equal(before + 1, Dropped(attacker, "arp"));
        }
        Assert.DoesNotContain("others", _network.Run("nft", "list", "tables"));
        _network.Run("nft", "add", "table", "inet", "others");
        _network.Run("nft", "delete", "table", "netdev", "insula");
        Assert.True(SpinWait.SpinUntil(() => _network.TryRun("nft", "list", "table", "netdev", "insula").Code == 0, TimeSpan.FromSeconds(60)));
        Assert.Contains("table inet others", _network.Run("nft", "list", "tables"));
    }

    private static bool Whole(string rules, params int[] containers)
        => rules.Contains("goto arp-claims", StringComparison.Ordinal)
            && containers.All(ctid => rules.Contains($"chain veth{ctid}.0", StringComparison.Ordinal) && rules.Contains($"counter ct{ctid}-arp", StringComparison.Ordinal));

    [Fact]
    public void What_is_wrong_with_an_interface_is_said_and_nothing_changes()
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0,,,,br0", "--save").Succeeds();
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _network.Run("ip", "link", "add", "taken0", "type", "veth", "peer", "name", "taken1");
        foreach (var (code, message, words) in new (int, string, string[])[]
        {
            (21, "multicast", ["--netif_add", "eth1,01:00:5e:00:00:01"]),
            (21, "six pairs", ["--netif_add", "eth1,00:18:51"]),
            (21, "interface", ["--netif_add", "interface-too-long"]),
            (21, "interface", ["--netif_add", "eth1,,a/b"]),
            (21, "more than", ["--netif_add", "eth1,,,,br0,more"]),
            (130, "already", ["--netif_add", "eth0"]),
            (130, "no interface eth7", ["--netif_del", "eth7"]),
            (130, "no interface eth7", ["--ifname", "eth7", "--bridge", "br0"]),
            (20, "--ifname", ["--bridge", "br0"]),
            (20, "nothing to change", ["--ifname", "eth0"]),
            (21, "on or off", ["--ifname", "eth0", "--mac_filter", "maybe"]),
            (21, "multicast", ["--ifname", "eth0", "--ipadd", "224.0.0.1"]),
            (21, "IPv4-mapped", ["--ifname", "eth0", "--ipadd", "::ffff:10.0.0.1"]),
            (21, "not an IPv4 or IPv6 address", ["--ifname", "eth0", "--ipadd", "fe80::1%eth0"]),
            (21, "router", ["--ifname", "eth0", "--gw", "fd49::1"]),
        })
        {
            _host.Vzctl(["set", $"{ctid}", .. words, "--save"]).Fails(code, message);
            Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        }

        // On a running container what only the host knows is wrong as well.
        _host.Vzctl("start", $"{ctid}").Succeeds();
        var links = _network.Run("ip", "-o", "link");
        foreach (var (message, words) in new (string, string[])[]
        {
            ("There is no bridge nobr", ["--netif_add", "eth1,,,,nobr"]),
            ("is not a bridge but a veth device", ["--netif_add", "eth1,,,,taken0"]),
            ("taken0 is taken on this host", ["--netif_add", "eth1,,taken0"]),
            ("There is no bridge nobr", ["--ifname", "eth0", "--bridge", "nobr"]),
        })
        {
            _host.Vzctl(["set", $"{ctid}", .. words, "--save"]).Fails(130, message);
            Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
            Assert.Equal(links.Count(letter => letter == '\n'), _network.Run("ip", "-o", "link").Count(letter => letter == '\n'));
        }
        _network.Run("ip", "link", "del", "taken0");
    }

    [Fact]
    public void A_declared_bridge_is_made_when_a_container_needs_it_and_the_hook_program_is_called()
    {
        using var beyond = _network.Uplink("up0");
        beyond.Run("ip", "addr", "add", "10.10.0.2/24", "dev", "far");
        var log = Path.Combine(_host.Base, "hook.log");
        File.AppendAllText(Path.Combine(_host.Base, "etc/vz.conf"), "BRIDGES=\"name=br7,uplink=up0,address=10.10.0.1/24\"\n");
        File.WriteAllText(Path.Combine(_host.Base, "etc/hook"), $"#!/bin/sh\necho \"$@ for $VEID\" >> {log}\n");
        File.SetUnixFileMode(Path.Combine(_host.Base, "etc/hook"), (UnixFileMode)0x1ED);
        File.WriteAllText(Path.Combine(_host.Base, "etc/vznet.conf"), $"EXTERNAL_SCRIPT=\"{_host.Base}/etc/hook\"\n");
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0,,,,br7", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal($"init veth veth{ctid}.0 for {ctid}\n", File.ReadAllText(log));
        _host.In(ctid, "ip link set eth0 up; ip addr add 10.10.0.3/24 dev eth0");
        Assert.True(Pings(ctid, "10.10.0.2"));
        Assert.True(Pings(ctid, "10.10.0.1"));
        _host.Insula("net", "remove-bridge", "br7").Fails(130, $"CT {ctid}");
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        _host.Insula("net", "remove-bridge", "br7").Succeeds();
        _host.Insula("net", "add-bridge", "br8", "--uplink", "nolink").Fails(130, "does not exist");
        _host.Insula("net", "add-bridge", "br0").Fails(130, "taken");
    }
}
