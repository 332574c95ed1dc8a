using System.Diagnostics;
using System.Text.Json;
using Insula.Engine.Host;
using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>
/// What is counted of containers' traffic, and rates. The host side is a namespace of the test's own with two uplinks, up0 to 192.0.2.2 and fd49:2::2,
/// and up1 to 203.0.113.2.
/// </summary>
public sealed class TrafficTests : IDisposable
{
    // Kbit/s. 1000 are 125 of the datagrams a second, of which a processor that is one sends thousands.
    private static readonly int Rate = Repetitions.IsEmulated ? 100 : 1000;

    // Without waiting for room: what waits for its rate is still the sender's, which would wait with it.
    private const string Blast = """
        use Socket qw(:DEFAULT inet_pton getaddrinfo);
        my ($address, $count) = @ARGV;
        my ($error, $where) = getaddrinfo($address, 9, { flags => Socket::AI_NUMERICHOST, socktype => SOCK_DGRAM });
        socket(S, $where->{family}, SOCK_DGRAM, 0) or die $!;
        for (1 .. $count) { send(S, 'x' x 972, MSG_DONTWAIT, $where->{addr}) // select(undef, undef, undef, 0.001) }
        """;

    // Takes one connection at port 7000 and tells how many bytes came.
    private const string Listener = """
        use IO::Socket::IP;
        $| = 1;
        my $s = IO::Socket::IP->new(LocalPort => 7000, Listen => 1, ReuseAddr => 1, Family => shift) or die $@;
        print "up\n";
        my ($c, $n, $b) = ($s->accept, 0);
        while ((my $got = sysread($c, $b, 65536)) > 0) { $n += $got }
        print "$n\n";
        """;

    private readonly PrivateNetwork _network = new();
    private readonly PrivateNetwork _near, _far;
    private readonly CommandHost _host = new();

    public TrafficTests()
    {
        Require.Feature(NetworkFeatures.Traffic);
        _host.Network = _network;
        _near = Uplink("up0", "192.0.2.1/24", "fd49:2::1/64", "192.0.2.2/24", "fd49:2::2/64");
        _far = Uplink("up1", "203.0.113.1/24", "fd49:3::1/64", "203.0.113.2/24", "fd49:3::2/64");
    }

    public void Dispose()
    {
        _host.Dispose();
        _near.Dispose();
        _far.Dispose();
        var links = _network.Run("ip", "-o", "link");
        _network.Dispose();
        Assert.DoesNotContain("insq-", links);
    }

    private PrivateNetwork Uplink(string name, string here4, string here6, string there4, string there6)
    {
        var beyond = _network.Uplink(name);
        _network.Run("sh", "-c", $"ip addr add {here4} dev {name}; ip addr add {here6} dev {name} nodad");
        beyond.Run("sh", "-c", $"ip addr add {there4} dev far; ip addr add {there6} dev far nodad; ip route add 198.51.100.0/24 via {here4.Split('/')[0]}; ip -6 route add fd49:51::/64 via {here6.Split('/')[0]}");
        return beyond;
    }

    private int Init(int ctid) => int.Parse(File.ReadAllText($"{_host.Base}/run/{ctid}/init").Split(' ', '\n')[0]);

    private string Inside(int ctid, params string[] command) => _network.Run(["nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", .. command]);

    private int Container(int number, params string[] options)
    {
        var ctid = _host.Container();
        _host.Vzctl(["set", $"{ctid}", "--ipadd", $"198.51.100.{number}", "--ipadd", $"fd49:51::{number}", .. options, "--save"]).Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        return ctid;
    }

    private void Classes(string text) => File.WriteAllText(Path.Combine(_host.Base, "etc/conf/networks_classes"), text);

    private void SetTotal(string value) => SetGlobal("TOTALRATE", value);

    private void SetGlobal(string key, string value)
    {
        var file = Path.Combine(_host.Base, "etc/vz.conf");
        File.WriteAllLines(file, [.. File.ReadLines(file).Where(line => !line.StartsWith($"{key}=", StringComparison.Ordinal)), $"{key}=\"{value}\""]);
    }

    /// <summary>Bytes and packets of a class: in, out.</summary>
    private (long BytesIn, long PacketsIn, long BytesOut, long PacketsOut) Count(int ctid, int number, string family)
    {
        var output = _host.Insula("vznetstat", "--json", "-v", $"{ctid}", "-c", $"{number}").Succeeds().Output;
        using var json = JsonDocument.Parse(output);
        var row = json.RootElement[0].GetProperty("classes")[0].GetProperty(family);
        long Of(string direction, string what) => row.GetProperty(direction).GetProperty(what).GetInt64();
        return (Of("in", "bytes"), Of("in", "packets"), Of("out", "bytes"), Of("out", "packets"));
    }

    private void Ping(int ctid, string address, int count)
    {
        // What IPv6 needs until it works is not of the class.
        var output = Inside(ctid, "ping", "-n", "-q", "-c", $"{count}", "-i", "0.01", "-s", "100", "-W", "20", address);
        Assert.Contains($"{count} received", output);
    }

    [Fact]
    public void Each_packet_is_counted_once_in_its_class_and_direction_and_the_counts_outlast_restarts()
    {
        Classes("1 0.0.0.0/0\n2 192.0.2.0/24\n3 192.0.2.128/25\n4 fd49:2::/64\n");
        var (a, b) = (Container(1), Container(2));
        Ping(a, "192.0.2.2", 5);
        Ping(a, "fd49:2::2", 4);
        Ping(a, "198.51.100.2", 3);
        Ping(a, "fd49:51::2", 2);
        Ping(a, "203.0.113.2", 1);
        Assert.Equal((5 * 128, 5, 5 * 128, 5), Count(a, 2, "ipv4"));
        Assert.Equal((4 * 148, 4, 4 * 148, 4), Count(a, 4, "ipv6"));
        Assert.Equal((3 * 128, 3, 3 * 128, 3), Count(a, 0, "ipv4"));
        Assert.Equal((2 * 148, 2, 2 * 148, 2), Count(b, 0, "ipv6"));
        Assert.Equal((128, 1, 128, 1), Count(a, 1, "ipv4"));
        Assert.Equal((0, 0, 0, 0), Count(a, 3, "ipv4"));
        Assert.Equal((0, 0, 0, 0), Count(b, 1, "ipv4"));

        _host.Vzctl("restart", $"{a}").Succeeds();
        Ping(a, "192.0.2.2", 1);
        Assert.Equal((6 * 128, 6, 6 * 128, 6), Count(a, 2, "ipv4"));

        // Other classes, at once.
        Assert.Equal("1 0.0.0.0/0\n2 192.0.2.0/24\n3 192.0.2.128/25\n4 fd49:2::/64\n", _host.Insula("vztactl", "class_list").Succeeds().Output);
        Classes("9 192.0.2.0/24\n");
        _host.Insula("vztactl", "class_load").Succeeds();
        Ping(a, "192.0.2.2", 2);
        Assert.Equal((2 * 128, 2, 2 * 128, 2), Count(a, 9, "ipv4"));
        Classes("9 192.0.2.0/24\n77 10.0.0.0/8\n");
        _host.Insula("vztactl", "class_load").Fails(85, "networks_classes:2:");
        _host.Insula("vztactl", "class_load", "/does/not/exist").Fails(81);
        Assert.Equal("9 192.0.2.0/24\n", _host.Insula("vztactl", "class_list").Succeeds().Output);
        _host.Insula("vztactl", "class_unload").Succeeds();
        Ping(a, "192.0.2.2", 1);
        Assert.Equal(2, Count(a, 9, "ipv4").PacketsOut);
        Assert.Equal(2, Count(a, 1, "ipv4").PacketsOut);
        File.Delete(Path.Combine(_host.Base, "run/networks_classes"));

        // Stopped: what was kept; then from 0, of one and of all.
        _host.Vzctl("stop", $"{a}", "--fast").Succeeds();
        Assert.Equal(2, Count(a, 9, "ipv4").PacketsOut);
        _host.Insula("vztactl", "reset_ve_stat", $"{a}").Succeeds();
        _host.Insula("vztactl", "reset_ve_stat", "4999").Fails(21);
        Assert.Equal((0, 0, 0, 0), Count(a, 9, "ipv4"));
        Assert.Equal((2 * 148, 2, 2 * 148, 2), Count(b, 0, "ipv6"));
        _host.Insula("vztactl", "reset_all_stat").Succeeds();
        Assert.Equal((0, 0, 0, 0), Count(b, 0, "ipv6"));
        Ping(b, "192.0.2.2", 2);
        Assert.Equal(2, Count(b, 1, "ipv4").PacketsIn);
        _host.Vzctl("stop", $"{b}", "--fast").Succeeds();
        Assert.Contains($"{b} ", _host.Insula("vznetstat").Succeeds().Output);
        _host.Vzctl("destroy", $"{b}").Succeeds();
        Assert.DoesNotContain($"{b} ", _host.Insula("vznetstat").Succeeds().Output);
    }

    [Fact]
    public void What_the_kernel_puts_together_is_counted_as_it_is_on_a_wire_and_interfaces_on_bridges_count_too()
    {
        const int sent = 1_000_000;
        _host.Insula("net", "add-bridge", "br0", "--address", "10.9.0.1/24").Succeeds();
        var ctid = Container(1, "--netif_add", "eth0,,,,br0");
        Inside(ctid, "sh", "-c", "ip link set eth0 up; ip addr flush dev eth0 scope global; ip addr add 10.9.0.2/24 dev eth0");
        var before = Count(ctid, 1, "ipv4");
        Ping(ctid, "10.9.0.1", 3);
        var after = Count(ctid, 1, "ipv4");
        Assert.Equal((3 * 128, 3), (after.BytesIn - before.BytesIn, after.PacketsIn - before.PacketsIn));
        Assert.Equal((3 * 128, 3), (after.BytesOut - before.BytesOut, after.PacketsOut - before.PacketsOut));

        foreach (var (address, family, header) in new[] { ("192.0.2.2", "ipv4", 52), ("fd49:2::2", "ipv6", 72) })
        {
            before = Count(ctid, 1, family);
            using var listener = Listen(_near, family == "ipv4" ? 2 : 10);
            Assert.Equal("up", listener.StandardOutput.ReadLine());
            Inside(ctid, "bash", "-c", $"head -c {sent} /dev/zero > /dev/tcp/{address}/7000");
            Assert.Equal($"{sent}", listener.StandardOutput.ReadLine());
            listener.WaitForExit();
            after = Count(ctid, 1, family);
            var (bytes, packets) = (after.BytesOut - before.BytesOut, after.PacketsOut - before.PacketsOut);
            // Each packet has a header and at most a full segment. On a busy machine some are sent twice.
            Assert.InRange(bytes, sent + (sent / 1500 * (header - 32)), packets * 1500);
            Assert.InRange(packets, sent / 1500, 2 * sent / 500);
        }
    }

    [Fact]
    public void Links_can_be_counted_instead_and_nothing_at_all()
    {
        SetGlobal("TRAFFIC_ACCOUNTING", "links");
        var ctid = Container(1);
        var before = Count(ctid, 1, "ipv4");
        Ping(ctid, "192.0.2.2", 20);
        Ping(ctid, "fd49:2::2", 10);
        var after = Count(ctid, 1, "ipv4");
        // All of it, and what neighbours say to each other.
        Assert.InRange(after.PacketsIn - before.PacketsIn, 30, 60);
        Assert.InRange(after.PacketsOut - before.PacketsOut, 30, 60);
        Assert.InRange(after.BytesOut - before.BytesOut, (20 * 128) + (10 * 148), 3 * 20 * 148);
        Assert.Equal((0, 0, 0, 0), Count(ctid, 1, "ipv6"));
        _host.Vzctl("set", $"{ctid}", "--rate", $"*:1:{Rate}", "--ratebound", "yes").Fails(80, "TRAFFIC_ACCOUNTING=links");
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.InRange(Count(ctid, 1, "ipv4").PacketsOut, after.PacketsOut, after.PacketsOut + 60);
        _host.Insula("vztactl", "reset_ve_stat", $"{ctid}").Succeeds();
        Assert.InRange(Count(ctid, 1, "ipv4").PacketsOut, 0, 10);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        SetGlobal("TRAFFIC_ACCOUNTING", "no");
        _host.Vzctl("start", $"{ctid}").Succeeds();
        var stopped = Count(ctid, 1, "ipv4");
        Ping(ctid, "192.0.2.2", 20);
        Assert.Equal(stopped, Count(ctid, 1, "ipv4"));
    }

    [Fact]
    public void What_was_saved_outlasts_a_host_that_crashes()
    {
        var ctid = Container(1);
        Ping(ctid, "192.0.2.2", 7);
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(_host.Binary)!, "insulad"), ["--save-traffic"]);
        start.Environment["INSULA_CONFIG_DIR"] = Path.Combine(_host.Base, "etc");
        using (var save = Process.Start(start)!)
        {
            save.WaitForExit();
            Assert.Equal(0, save.ExitCode);
        }
        var kept = File.ReadAllText(Path.Combine(_host.Base, $"traffic/{ctid}"));
        Assert.Contains("last 1 4 896 7 896 7\n", kept);
        // As after a boot: the kernel has forgotten, the files in RUNDIR are gone.
        Ping(ctid, "192.0.2.2", 2);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        File.WriteAllText(Path.Combine(_host.Base, $"traffic/{ctid}"), kept);
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal((896, 7, 896, 7), Count(ctid, 1, "ipv4"));
        Ping(ctid, "192.0.2.2", 1);
        Assert.Equal((1024, 8, 1024, 8), Count(ctid, 1, "ipv4"));
    }

    private static Process Listen(PrivateNetwork network, int family)
    {
        List<string> words = [.. network.Entry, "perl", "-e", Listener, $"{family}"];
        return Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
    }

    // What of so many datagrams of 1000 bytes arrives at the other side, as it is counted.
    private long Arrived(int ctid, string address, bool toContainer, int number = 1)
    {
        const int count = 3000;
        var family = address.Contains(':') ? "ipv6" : "ipv4";
        var before = Count(ctid, number, family);
        if (toContainer)
            _near.Run("perl", "-e", Blast, address, $"{count}");
        else
            Inside(ctid, "perl", "-e", Blast, address, $"{count}");
        var after = Count(ctid, number, family);
        return toContainer ? after.PacketsIn - before.PacketsIn : after.PacketsOut - before.PacketsOut;
    }

    [Fact]
    public void A_rate_holds_in_its_direction_for_its_class_and_device_and_for_nothing_else()
    {
        Require.Feature(NetworkFeatures.Rates);
        Classes("2 fd49:2::/64\n");
        var ctid = Container(1);
        var free = Arrived(ctid, "192.0.2.2", toContainer: false);
        Assert.InRange(free, 2000, 3100);

        // What a container sends, by IPv4 and IPv6.
        _host.Vzctl("set", $"{ctid}", "--rate", $"*:1:{Rate}", "--rate", $"*:2:{Rate}", "--ratebound", "yes", "--save").Succeeds();
        Assert.Contains($"RATE=\"*:1:{Rate} *:2:{Rate}\"", File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.InRange(Arrived(ctid, "192.0.2.2", toContainer: false), 10, free / 2);
        Assert.InRange(Arrived(ctid, "fd49:2::2", toContainer: false, number: 2), 10, free / 2);
        Assert.InRange(Arrived(ctid, "198.51.100.1", toContainer: true), free / 2, 3100);

        // What waits is not past the guard: a forged address gets no further than without a rate.
        Inside(ctid, "ip", "addr", "add", "198.51.100.77", "dev", "venet0");
        Assert.NotEqual(0, _network.TryRun("nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--", "ping", "-n", "-c", "2", "-W", "1", "-I", "198.51.100.77", "192.0.2.2").Code);
        Assert.True(SpinWait.SpinUntil(() => _host.Insula("net", "counters", $"{ctid}").Succeeds().Output.Contains("source                2", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));

        // What it gets, from a restart on.
        _host.Vzctl("set", $"{ctid}", "--rate", $"*:1:0:{Rate}", "--rate", "*:2:0", "--save").Succeeds();
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.InRange(Arrived(ctid, "198.51.100.1", toContainer: true), 10, free / 2);
        Assert.InRange(Arrived(ctid, "192.0.2.2", toContainer: false), free / 2, 3100);
        Assert.InRange(Arrived(ctid, "fd49:2::2", toContainer: false, number: 2), free / 2, 3100);

        // By one uplink and not by the other.
        _host.Vzctl("set", $"{ctid}", "--rate", "none", "--rate", $"up1:1:{Rate}:{Rate}").Succeeds();
        Assert.InRange(Arrived(ctid, "203.0.113.2", toContainer: false), 10, free / 2);
        Assert.InRange(Arrived(ctid, "192.0.2.2", toContainer: false), free / 2, 3100);
        Assert.InRange(Arrived(ctid, "198.51.100.1", toContainer: true), free / 2, 3100);
        _host.Vzctl("set", $"{ctid}", "--rate", "none", "--ratebound", "no").Succeeds();
        Assert.InRange(Arrived(ctid, "203.0.113.2", toContainer: false), free / 2, 3100);
    }

    [Fact]
    public void The_links_of_rates_are_made_again_when_somebody_takes_them_away()
    {
        Require.Feature(NetworkFeatures.Rates);
        _host.UseDaemon();
        var ctid = Container(1, "--rate", $"*:1:{Rate}", "--ratebound", "yes");
        var front = _network.Run("sh", "-c", "ip -o link | grep -o 'insq-[0-9a-f]*-0' | head -n 1").Trim();
        foreach (var damage in new[] { $"link del {front}", $"link set {front} down", $"qdisc del dev {front} root" })
        {
            _network.Run("sh", "-c", $"{(damage.StartsWith("qdisc", StringComparison.Ordinal) ? "tc" : "ip")} {damage}");
            Assert.True(
                SpinWait.SpinUntil(() => _network.TryRun("tc", "class", "show", "dev", front).Output.Contains("htb", StringComparison.Ordinal) && Arrived(ctid, "192.0.2.2", toContainer: false) is > 10 and < 1500, TimeSpan.FromSeconds(120)),
                $"after {damage}: {_network.TryRun("tc", "class", "show", "dev", front).Output}\n{_host.Daemon!.Log()}");
        }
    }

    [Fact]
    public void A_guarantee_may_be_exceeded_up_to_the_total_and_what_is_wrong_changes_nothing()
    {
        Require.Feature(NetworkFeatures.Rates);
        var ctid = Container(1);
        foreach (var (code, why, words) in new (int, string, string[])[]
        {
            (21, "DEVICE:CLASS:KBITS", ["--rate", "1000"]), (21, "class", ["--rate", "*:16:1000"]), (26, "TOTALRATE", ["--rate", "*:1:1000"]), (25, "RATE is not set", ["--ratebound", "yes"]),
            (80, "gone0", ["--rate", "gone0:1:1000", "--ratebound", "yes"]),
        })
        {
            _host.Vzctl(["set", $"{ctid}", .. words, "--save"]).Fails(code, why);
            Assert.DoesNotContain("RATE", File.ReadAllText(_host.ConfigFile(ctid)));
        }
        var free = Arrived(ctid, "192.0.2.2", toContainer: false);
        SetTotal($"*:1:{2 * Rate}");
        _host.Vzctl("set", $"{ctid}", "--rate", $"*:1:{Rate}", "--save").Succeeds();
        Assert.InRange(Arrived(ctid, "192.0.2.2", toContainer: false), 10, free / 2);
        Assert.InRange(Arrived(ctid, "198.51.100.1", toContainer: true), free / 2, 3100);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        SetTotal("*:1:10000000");
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.InRange(Arrived(ctid, "192.0.2.2", toContainer: false), free / 2, 3100);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        SetTotal("");
        _host.Vzctl("start", $"{ctid}").Fails(26, "TOTALRATE");
        Assert.False(Directory.Exists(Path.Combine(_host.Base, "run/traffic")));
    }
}
