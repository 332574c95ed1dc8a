using System.Globalization;
using System.Text.Json;
using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>The host's firewall for containers; the host side is a namespace of the test's own, with a network beyond it and a station on its bridge.</summary>
public sealed class FirewallTests : IDisposable
{
    private const string HostAddress4 = "198.51.100.1", HostAddress6 = "2001:db8:51::1", BeyondAddress4 = "198.51.100.2", BeyondAddress6 = "2001:db8:51::2";

    // Executes its arguments where socket(AF_NETLINK, .., NETLINK_NETFILTER) fails with EPROTONOSUPPORT, as in a kernel that has no netfilter: struct
    // sock_filter of the calls of x86-64 and arm64.
    private const string WithoutNetfilter = """
        import ctypes, os, struct, sys
        load, equal, give = 0x20, 0x15, 0x06
        code = lambda *steps: b''.join(struct.pack('HBBI', *step) for step in steps)
        socket = {'x86_64': 41, 'aarch64': 198}[os.uname().machine]
        program = ctypes.create_string_buffer(code((load, 0, 0, 0), (equal, 0, 5, socket), (load, 0, 0, 16), (equal, 0, 3, 16), (load, 0, 0, 32),
            (equal, 0, 1, 12), (give, 0, 0, 0x50000 | 93), (give, 0, 0, 0x7fff0000)))
        filter = struct.pack('HxxxxxxP', 8, ctypes.addressof(program))
        if ctypes.CDLL(None, use_errno=True).prctl(22, 2, ctypes.c_char_p(filter)): sys.exit(os.strerror(ctypes.get_errno()))
        os.execv(sys.argv[1], sys.argv[1:])
        """;

    private readonly PrivateNetwork _network = new();
    private readonly PrivateNetwork _beyond;
    private readonly PrivateNetwork _lan = new();
    private readonly CommandHost _host = new();
    private readonly TestServers _servers = new();

    public FirewallTests()
    {
        Require.Feature("nftables");
        _host.Network = _network;
        _beyond = _network.Uplink("up0");
        _network.Run("sh", "-c", $"ip addr add {HostAddress4}/24 dev up0; ip addr add {HostAddress6}/64 dev up0 nodad");
        _beyond.Run("sh", "-c", $"ip addr add {BeyondAddress4}/24 dev far; ip addr add {BeyondAddress6}/64 dev far nodad; "
            + $"for net in 10.77.0.0/16 10.9.0.0/24; do ip route add $net via {HostAddress4}; done; for net in fd77::/64 fd49:9::/64; do ip -6 route add $net via {HostAddress6}; done");
        _host.Insula("net", "add-bridge", "br0", "--address", "10.9.0.1/24", "--address", "fd49:9::1/64").Succeeds();
        _network.Run("sh", "-c", $"ip link add lan type veth peer name eth0 netns {_lan.Pid}; ip link set lan master br0 up");
        _lan.Run("sh", "-c", "ip link set eth0 up; ip addr add 10.9.0.9/24 dev eth0; ip addr add fd49:9::9/64 dev eth0 nodad; ip route add default via 10.9.0.1; ip -6 route add default via fd49:9::1");
    }

    public void Dispose()
    {
        _servers.Dispose();
        _host.Dispose();
        var tables = _network.TryRun("nft", "list", "tables").Output;
        _network.Dispose();
        _beyond.Dispose();
        _lan.Dispose();
        Assert.DoesNotContain("inet insula", tables);
        Assert.DoesNotContain("bridge insula", tables);
    }

    private int Init(int ctid) => int.Parse(File.ReadAllText($"{_host.Base}/run/{ctid}/init").Split(' ', '\n')[0]);

    /// <summary>A container with a routed link.</summary>
    private int Routed(int number, string network4 = "10.77.0", string network6 = "fd77:", params string[] options)
    {
        var ctid = _host.Container();
        _host.Vzctl(["set", $"{ctid}", "--ipadd", $"{network4}.{number}", "--ipadd", $"{network6}:{number}", .. options, "--save"]).Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        return ctid;
    }

    /// <summary>A container on the bridge.</summary>
    private int Bridged(int number)
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0,,,,br0", "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ifname", "eth0", "--ipadd", $"10.9.0.{number}/24", "--ipadd", $"fd49:9::{number}/64", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Configure(ctid, number);
        return ctid;
    }

    private void Configure(int ctid, int number)
        => _network.Run("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "sh", "-c",
            $"ip link set eth0 up; ip addr flush dev eth0 scope global; ip addr add 10.9.0.{number}/24 dev eth0; ip addr add fd49:9::{number}/64 dev eth0 nodad; "
            + "ip route replace default via 10.9.0.1; ip -6 route replace default via fd49:9::1");

    private JsonElement Acl(int ctid)
    {
        using var document = JsonDocument.Parse(_host.Insula("net", "acl", "list", $"{ctid}", "--json").Succeeds().Output);
        return document.RootElement[0].Clone();
    }

    private static ulong Packets(JsonElement counted) => counted.GetProperty("packets").GetUInt64();

    private static void Reaches(int process, string protocol, int port, params string[] addresses)
    {
        foreach (var address in addresses)
            Assert.True(TestServers.Ask(process, protocol, address, port) is not null, $"{protocol} {address} {port} from {process}");
    }

    private static void DoesNotReach(int process, string protocol, int port, params string[] addresses)
    {
        foreach (var address in addresses)
            Assert.True(TestServers.Ask(process, protocol, address, port, patience: 1) is null, $"{protocol} {address} {port}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rules_let_through_what_they_say_and_nothing_else(bool bridged)
    {
        var ctid = bridged ? Bridged(2) : Routed(2);
        var other = bridged ? _lan : _beyond;
        string[] own = bridged ? ["10.9.0.2", "fd49:9::2"] : ["10.77.0.2", "fd77::2"];
        string[] others = bridged ? ["10.9.0.9", "fd49:9::9"] : [BeyondAddress4, BeyondAddress6];
        Serve(ctid);
        _servers.Serve(other.Pid, "tcp", 7000);
        _servers.Serve(other.Pid, "udp", 7001);
        Reaches(other.Pid, "tcp", 81, own);

        // Nothing comes in but what a rule allows; answers do, and neighbours find each other.
        _host.Insula("net", "set", "add", "office", others[0]).Succeeds();
        _host.Insula("net", "acl", "policy", $"{ctid}", "--in", "deny", "--log", "yes").Succeeds();
        _host.Insula("net", "acl", "add", $"{ctid}", "in", "allow", "tcp", "--port", "22,80", "--from", "@office", "--from", others[1], "--log").Succeeds();
        Reaches(other.Pid, "tcp", 80, own);
        DoesNotReach(other.Pid, "tcp", 81, own);
        Assert.NotEqual(0, other.TryRun("ping", "-n", "-c", "1", "-W", "1", own[0]).Code);
        Reaches(Init(ctid), "tcp", 7000, others);
        Reaches(Init(ctid), "udp", 7001, others);
        foreach (var address in others)
            Assert.True(Enumerable.Range(0, 20).Any(_ => _network.TryRun("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "ping", "-n", "-c", "1", "-W", "1", address).Code == 0), address);
        var acl = Acl(ctid);
        Assert.True(Packets(acl.GetProperty("rules")[0]) >= 2);
        Assert.True(Packets(acl.GetProperty("in")) >= 3);
        Assert.Equal(0UL, Packets(acl.GetProperty("out")));

        // A set that changes is followed, and one in use stays.
        _host.Insula("net", "set", "remove", "office").Fails(21, $"used by a rule of CT {ctid}");
        _host.Insula("net", "set", "remove", "office", others[0]).Succeeds();
        DoesNotReach(other.Pid, "tcp", 80, own[0]);
        Reaches(other.Pid, "tcp", 80, own[1]);
        _host.Insula("net", "set", "add", "office", "192.0.2.0/24", others[0]).Succeeds();

        // The first rule that fits decides, also on the way out, and all is as it was after a restart.
        _host.Insula("net", "acl", "add", $"{ctid}", "in", "deny", "tcp", "--port", "80", "--at", "1").Succeeds();
        _host.Insula("net", "acl", "add", $"{ctid}", "out", "deny", "tcp", "--port", "7000", "--to", string.Join(',', others)).Succeeds();
        Assert.True(Packets(Acl(ctid).GetProperty("rules")[1]) >= 2, "what a rule has counted stays with it");
        _host.Vzctl("restart", $"{ctid}", "--fast").Succeeds();
        if (bridged)
            Configure(ctid, 2);
        Serve(ctid);
        DoesNotReach(other.Pid, "tcp", 80, own);
        DoesNotReach(Init(ctid), "tcp", 7000, others);
        Reaches(Init(ctid), "udp", 7001, others);
        _host.Insula("net", "acl", "remove", $"{ctid}", "1").Succeeds();
        Reaches(other.Pid, "tcp", 80, own);

        // Without rules nothing is left of it.
        _host.Insula("net", "acl", "remove", $"{ctid}", "all").Succeeds();
        _host.Insula("net", "acl", "policy", $"{ctid}", "--in", "allow", "--log", "no").Succeeds();
        Reaches(other.Pid, "tcp", 81, own);
        Assert.DoesNotContain("ACL", File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.DoesNotContain("t insula", _network.Run("nft", "list", "tables").Replace("netdev insula", "", StringComparison.Ordinal));
    }

    private void Serve(int ctid)
    {
        _servers.Serve(Init(ctid), "tcp", 80);
        _servers.Serve(Init(ctid), "tcp", 81);
    }

    [Fact]
    public void Ports_of_the_host_lead_to_containers_from_everywhere()
    {
        // A host whose bridges show their frames to iptables does not send one back by the port that it came from.
        _network.Run("sh", "-c", "for f in /proc/sys/net/bridge/bridge-nf-call-ip*tables; do [ ! -e $f ] || echo 0 > $f; done");
        var routed = Routed(2);
        var bridged = Bridged(3);
        foreach (var ctid in new[] { routed, bridged })
        {
            Serve(ctid);
            _servers.Serve(Init(ctid), "udp", 53);
        }
        _host.Insula("net", "forward", "add", $"{routed}", "tcp", "8080", "80").Succeeds();
        _host.Insula("net", "forward", "add", $"{bridged}", "tcp", "9000-9001", "80-81").Succeeds();
        _host.Insula("net", "forward", "add", $"{bridged}", "udp", "53").Succeeds();
        _host.Insula("net", "forward", "add", $"{routed}", "udp", "54", "53", "--address", HostAddress4).Succeeds();
        foreach (var from in new[] { _beyond.Pid, _network.Pid, Init(routed), Init(bridged), _lan.Pid })
        {
            Reaches(from, "tcp", 8080, HostAddress4, HostAddress6);
            Reaches(from, "tcp", 9001, HostAddress4, HostAddress6);
        }
        Reaches(_beyond.Pid, "udp", 53, HostAddress4, HostAddress6);
        Reaches(_beyond.Pid, "udp", 54, HostAddress4);
        DoesNotReach(_beyond.Pid, "udp", 54, HostAddress6);
        Assert.Equal(BeyondAddress4, TestServers.Ask(_beyond.Pid, "tcp", HostAddress4, 8080));
        Assert.Equal(BeyondAddress6, TestServers.Ask(_beyond.Pid, "tcp", HostAddress6, 9000));

        // A port has one owner.
        _host.Insula("net", "forward", "add", $"{bridged}", "tcp", "8000-8100").Fails(78, $"forwarded to CT {routed} already");
        _servers.Serve(_network.Pid, "tcp", 8081);
        _host.Insula("net", "forward", "add", $"{routed}", "tcp", "8081", "80").Fails(78, "listens on tcp");
        using (var list = JsonDocument.Parse(_host.Insula("net", "forward", "list", "--json").Succeeds().Output))
            Assert.Equal(4, list.RootElement.GetArrayLength());

        // Rules see the container's port.
        _host.Insula("net", "acl", "add", $"{routed}", "in", "deny", "tcp", "--port", "80").Succeeds();
        DoesNotReach(_beyond.Pid, "tcp", 8080, HostAddress4, HostAddress6);
        DoesNotReach(_network.Pid, "tcp", 8080, HostAddress4);
        _host.Insula("net", "acl", "remove", $"{routed}", "1").Succeeds();

        // A new address, and a restart.
        _host.Vzctl("set", $"{routed}", "--ipdel", "10.77.0.2", "--ipadd", "10.77.0.4", "--save").Succeeds();
        Reaches(_beyond.Pid, "tcp", 8080, HostAddress4, HostAddress6);
        _host.Vzctl("restart", $"{routed}", "--fast").Succeeds();
        Serve(routed);
        Reaches(_beyond.Pid, "tcp", 8080, HostAddress4, HostAddress6);
        _host.Insula("net", "forward", "remove", $"{routed}", "tcp", "8080").Succeeds();
        DoesNotReach(_beyond.Pid, "tcp", 8080, HostAddress4, HostAddress6);
        _host.Insula("net", "forward", "remove", $"{routed}", "tcp", "8080").Fails(21, "no forward of tcp 8080");
        _host.Insula("net", "forward", "remove", $"{bridged}", "all").Succeeds();
    }

    [Fact]
    public void A_private_network_is_hidden_outside_and_not_between_containers()
    {
        var hidden = Routed(2, "10.88.0", "fd88:");
        var neighbour = Routed(3, "10.88.1", "fd89:");
        var known = Routed(4);
        foreach (var process in new[] { _beyond.Pid, Init(neighbour), Init(known) })
            _servers.Serve(process, "tcp", 7000);
        DoesNotReach(Init(hidden), "tcp", 7000, BeyondAddress4, BeyondAddress6);

        _host.Insula("net", "nat", "add", "10.88.0.0/16", "--uplink", "up0").Succeeds();
        _host.Insula("net", "nat", "add", "fd88::/15").Succeeds();
        Assert.Equal(HostAddress4, TestServers.Ask(Init(hidden), "tcp", BeyondAddress4, 7000));
        Assert.Equal(HostAddress6, TestServers.Ask(Init(hidden), "tcp", BeyondAddress6, 7000));
        Assert.Equal("10.77.0.4", TestServers.Ask(Init(known), "tcp", BeyondAddress4, 7000));
        foreach (var other in new[] { ("10.88.1.3", "10.88.0.2"), ("fd89::3", "fd88::2"), ("10.77.0.4", "10.88.0.2"), ("fd77::4", "fd88::2") })
            Assert.Equal(other.Item2, TestServers.Ask(Init(hidden), "tcp", other.Item1, 7000));

        // After a restart too, with an address that is named, and not any more.
        _host.Vzctl("restart", $"{hidden}", "--fast").Succeeds();
        _network.Run("ip", "addr", "add", "198.51.100.7/24", "dev", "up0");
        _host.Insula("net", "nat", "remove", "10.88.0.0/16").Succeeds();
        _host.Insula("net", "nat", "add", "10.88.0.0/16", "--to", "198.51.100.7").Succeeds();
        Assert.Equal("198.51.100.7", TestServers.Ask(Init(hidden), "tcp", BeyondAddress4, 7000));
        Assert.Contains("198.51.100.7", _host.Insula("net", "nat", "list").Succeeds().Output);
        foreach (var (code, message, words) in new (int, string, string[])[]
        {
            (21, "There is NAT for 10.88.0.0/16", ["add", "10.88.5.0/24"]),
            (21, "bits are set", ["add", "10.5.0.1/16"]),
            (130, "up7 does not exist", ["add", "10.5.0.0/16", "--uplink", "up7"]),
            (71, "no address of this host", ["add", "10.5.0.0/16", "--to", "192.0.2.7"]),
            (21, "no NAT for 10.5.0.0/16", ["remove", "10.5.0.0/16"]),
        })
            _host.Insula(["net", "nat", .. words]).Fails(code, message);
        _host.Insula("net", "nat", "remove", "10.88.0.0/16").Succeeds();
        _host.Insula("net", "nat", "remove", "fd88::/15").Succeeds();
        DoesNotReach(Init(hidden), "tcp", 7000, BeyondAddress4);
        Assert.DoesNotContain("inet insula", _network.Run("nft", "list", "tables"));
    }

    [Fact]
    public void Flushed_tables_are_back_and_commands_at_once_lose_nothing()
    {
        Require.Feature(Insula.Engine.Host.StorageFeatures.Fuse);
        _host.UseDaemon();
        var ctid = Bridged(2);
        var other = Routed(3);
        Serve(ctid);
        _servers.Serve(Init(other), "tcp", 80);
        // Eight rules, four to each of two containers, by eight commands.
        Parallel.For(0, 8, i =>
        {
            // A command that finds the container locked says so and is repeated.
            CommandResult result;
            do
                result = _host.Insula("net", "acl", "add", $"{(i % 2 == 0 ? ctid : other)}", "in", "deny", "tcp", "--port", $"{1000 + i}");
            while (result.Code == 9);
            result.Succeeds();
        });
        Assert.Equal(4, Acl(ctid).GetProperty("rules").GetArrayLength());
        Assert.Equal(4, Acl(other).GetProperty("rules").GetArrayLength());
        _host.Insula("net", "acl", "add", $"{ctid}", "in", "deny", "tcp", "--port", "81").Succeeds();
        _host.Insula("net", "forward", "add", $"{other}", "tcp", "8080", "80").Succeeds();
        DoesNotReach(_lan.Pid, "tcp", 81, "10.9.0.2");
        foreach (var damage in new[] { "flush ruleset", $"flush chain bridge insula to-{ctid}", "flush map inet insula forwards4" })
        {
            var before = Packets(Acl(ctid).GetProperty("rules")[4]);
            _network.Run("nft", damage);
            var whole = SpinWait.SpinUntil(
                () => TestServers.Ask(_lan.Pid, "tcp", "10.9.0.2", 81, patience: 1) is null && Packets(Acl(ctid).GetProperty("rules")[4]) > 0
                    && TestServers.Ask(_beyond.Pid, "tcp", HostAddress4, 8080, patience: 1) is not null, TimeSpan.FromSeconds(120));
            Assert.True(whole, $"after {damage}, {before}: {_host.Daemon!.Log()}\n{_network.TryRun("nft", "list", "ruleset").Output}");
        }
        _network.Run("nft", "add", "table", "inet", "others");
        _network.Run("nft", "delete", "table", "inet", "insula");
        Assert.True(SpinWait.SpinUntil(() => _network.TryRun("nft", "list", "table", "inet", "insula").Code == 0, TimeSpan.FromSeconds(60)));
        Assert.Contains("table inet others", _network.Run("nft", "list", "tables"));
        // One goes, the other's stays.
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        Assert.DoesNotContain($"{ctid}", _network.Run("nft", "list", "table", "inet", "insula"));
        Reaches(_beyond.Pid, "tcp", 8080, HostAddress4, HostAddress6);
    }

    [Fact]
    public void A_container_does_not_fill_the_hosts_table_of_connections()
    {
        const int bound = 50, flows = 300;
        var ctid = Routed(2, options: ["--conntrack_limit", $"{bound}"]);
        _host.Insula("net", "acl", "policy", $"{ctid}", "--in", "deny").Succeeds();
        _network.Run("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "perl", "-MSocket", "-e",
            $"for my $p (1..{flows}) {{ socket(my $s, PF_INET, SOCK_DGRAM, 0); send($s, 'x', 0, sockaddr_in(20000 + $p, inet_aton('{BeyondAddress4}'))); }}");
        var beyond = Acl(ctid).GetProperty("connections");
        Assert.Equal(bound, beyond.GetProperty("limit").GetInt32());
        Assert.Equal((ulong)(flows - bound), Packets(beyond));
        Assert.InRange(_network.Run("cat", "/proc/net/nf_conntrack").Split('\n').Count(line => line.Contains("src=10.77.0.2 dst=198.51.100.2", StringComparison.Ordinal)), 1, bound);
        _host.Vzctl("set", $"{ctid}", "--conntrack_limit", "0", "--save").Succeeds();
        Assert.DoesNotContain("ct count", _network.Run("nft", "list", "table", "inet", "insula"));
    }

    [Fact]
    public void A_container_on_a_bridge_does_not_fill_it_either()
    {
        Require.Feature("bridge conntrack");
        const int bound = 50, flows = 300;
        var ctid = Bridged(2);
        _host.Vzctl("set", $"{ctid}", "--conntrack_limit", $"{bound}", "--save").Succeeds();
        _network.Run("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "perl", "-MSocket", "-e",
            $"for my $p (1..{flows}) {{ socket(my $s, PF_INET, SOCK_DGRAM, 0); send($s, 'x', 0, sockaddr_in(20000 + $p, inet_aton('10.9.0.9'))); }}");
        Assert.Equal((ulong)(flows - bound), Packets(Acl(ctid).GetProperty("connections")));
    }

    [Fact]
    public void Without_a_bound_of_its_own_a_container_has_an_eighth_of_the_table_where_its_connections_are_followed()
    {
        var ctid = Routed(2);
        Assert.False(_network.TryRun("nft", "list", "table", "inet", "insula").Output.Contains("ct count", StringComparison.Ordinal));
        _host.Insula("net", "acl", "policy", $"{ctid}", "--in", "deny").Succeeds();
        // Made while there may have been no table; this one is made with it there.
        _host.Insula("net", "acl", "policy", $"{ctid}", "--out", "allow").Succeeds();
        var share = int.Parse(File.ReadAllText("/proc/sys/net/netfilter/nf_conntrack_max"), CultureInfo.InvariantCulture) / 8;
        Assert.Contains($"ct count over {share}", _network.Run("nft", "list", "table", "inet", "insula"));
        Assert.Equal(share, Acl(ctid).GetProperty("connections").GetProperty("limit").GetInt32());
    }

    [Fact]
    public void Without_nftables_in_the_kernel_it_is_said_what_cannot_be_had_and_nothing_changes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "no python3");
        var ctid = Routed(2);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _host.Wrapper = ["python3", "-I", "-S", "-c", WithoutNetfilter];
        Assert.Contains("has no nftables as the guard of links needs it", _host.Vzctl("start", $"{ctid}").Succeeds().Error);
        Assert.Contains("running", _host.Vzctl("status", $"{ctid}").Output);
        _host.Insula("net", "acl", "policy", $"{ctid}", "--in", "deny").Fails(106, "see insula check");
        _host.Insula("net", "forward", "add", $"{ctid}", "tcp", "8080", "80").Fails(106, "nftables");
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        File.WriteAllText(_host.ConfigFile(ctid), $"{before}ACL_POLICY=\"in=deny\"\n");
        _host.Vzctl("start", $"{ctid}").Fails(106, "nftables");
        Assert.Contains("down", _host.Vzctl("status", $"{ctid}").Output);
        Assert.DoesNotContain($"{ctid}", _network.Run("ip", "-o", "link"));
    }

    [Fact]
    public void What_is_wrong_is_said_and_nothing_changes()
    {
        var ctid = _host.Container();
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        foreach (var (code, message, words) in new (int, string, string[])[]
        {
            (21, "not a port", ["acl", "add", $"{ctid}", "in", "allow", "tcp", "--port", "70000"]),
            (21, "no protocol", ["acl", "add", $"{ctid}", "in", "allow", "frob"]),
            (21, "no address set home", ["acl", "add", $"{ctid}", "in", "allow", "any", "--from", "@home"]),
            (21, "bits are set", ["acl", "add", $"{ctid}", "in", "allow", "any", "--from", "10.0.0.1/8"]),
            (20, "needs CTID|NAME in|out allow|deny PROTOCOL", ["acl", "add", $"{ctid}", "in"]),
            (21, "has no rule 1", ["acl", "remove", $"{ctid}", "1"]),
            (21, "not the number", ["acl", "remove", $"{ctid}", "first"]),
            (20, "needs --in, --out or --log", ["acl", "policy", $"{ctid}"]),
            (21, "insula net acl policy", ["acl", "policy", $"{ctid}", "--in", "maybe"]),
            (14, "config file does not exist", ["acl", "add", "39999", "in", "deny", "any"]),
            (14, "config file does not exist", ["acl", "list", "39999"]),
            (21, "Bad CT ID", ["acl", "list", "nobody"]),
            (21, "no address to forward to", ["forward", "add", $"{ctid}", "tcp", "8080", "80"]),
            (21, "neither tcp nor udp", ["forward", "add", $"{ctid}", "icmp", "8080", "80"]),
            (21, "not equally many", ["forward", "add", $"{ctid}", "tcp", "80-90", "80"]),
            (21, "no forward of tcp 80", ["forward", "remove", $"{ctid}", "tcp", "80"]),
            (21, "Bad name of a set", ["set", "add", "1st", "10.0.0.0/8"]),
            (21, "Bad network", ["set", "add", "office", "example.com"]),
            (21, "no address set office", ["set", "remove", "office"]),
        })
        {
            _host.Insula(["net", .. words]).Fails(code, message);
            Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        }

        // A container whose rules cannot be set does not start: for want of a set, or because the table is another program's.
        File.AppendAllText(_host.ConfigFile(ctid), "ACL=\"in deny any from=@home\"\n");
        _host.Vzctl("start", $"{ctid}").Fails(21, "no address set home");
        Assert.Contains("down", _host.Vzctl("status", $"{ctid}").Succeeds().Output);
        _host.Insula("net", "set", "add", "home", "192.0.2.0/24").Succeeds();
        using (var other = _network.Start("nft", "-i"))
        {
            other.StandardInput.WriteLine("add table inet insula { flags owner; }");
            other.StandardInput.Flush();
            Assert.True(SpinWait.SpinUntil(() => _network.Run("nft", "list", "tables").Contains("inet insula", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
            _host.Vzctl("start", $"{ctid}").Fails(106, $"Cannot set the firewall of CT {ctid}");
            other.StandardInput.Close();
            other.WaitForExit();
        }
        Assert.Contains("down", _host.Vzctl("status", $"{ctid}").Succeeds().Output);
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Contains("set4-home", _network.Run("nft", "list", "table", "inet", "insula"));
        _host.Insula("host", "release").Succeeds();
        Assert.DoesNotContain("insula", _network.Run("nft", "list", "tables"));
    }
}
