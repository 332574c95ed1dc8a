using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>Interfaces on top of a link of the host (type=macvlan), which leads to a namespace beyond.</summary>
public sealed class MacvlanTests : IDisposable
{
    private const string Unguarded = "mac_filter=off,ip_filter=off";

    private readonly NetworkHost _host = new();
    private readonly PrivateNetwork _beyond;

    public MacvlanTests()
    {
        Require.Feature("macvlan");
        _beyond = _host.Network.Uplink("up0");
        _beyond.Run("sh", "-c", "ip addr add 10.21.0.1/24 dev far; ip addr add fd49:21::1/64 dev far nodad");
    }

    public void Dispose()
    {
        _host.Dispose();
        _beyond?.Dispose();
    }

    [Fact]
    public void A_macvlan_reaches_the_network_and_its_neighbours_and_comes_and_goes_while_the_container_runs()
    {
        var (a, b) = (_host.Host.Container(), _host.Host.Container(started: true));
        _host.Vzctl("set", $"{a}", "--netif_add", $"eth0,type=macvlan,link=up0,{Unguarded}", "--save").Succeeds();
        var line = File.ReadLines(_host.Host.ConfigFile(a)).Single(text => text.StartsWith("NETIF=", StringComparison.Ordinal));
        Assert.Matches("^NETIF=\"ifname=eth0,type=macvlan,link=up0,mac=00:18:51:..:..:..,mac_filter=off,ip_filter=off\"$", line);
        _host.Vzctl("start", $"{a}").Succeeds();
        Assert.Contains(line.Split("mac=")[1][..17], _host.Host.In(a, "ip link show eth0"));
        _host.BringUp(a, "eth0", "10.21.0.2/24", "fd49:21::2/64");
        _host.Vzctl(
            "set", $"{b}", "--netif_add", $"eth0,02:00:00:00:21:03,type=macvlan,link=up0,mode=bridge,{Unguarded}",
            "--netif_add", $"eth1,type=macvlan,link=up0,mode=private,{Unguarded}", "--save").Succeeds();
        _host.Vzctl("set", $"{b}", "--ifname", "eth0", "--ipadd", "10.21.0.3/24", "--ipadd", "fd49:21::3/64", "--save").Succeeds();
        Assert.Contains("02:00:00:00:21:03", _host.Host.In(b, "ip link show eth0"));
        foreach (var address in new[] { "10.21.0.1", "fd49:21::1", "10.21.0.3", "fd49:21::3" })
            Assert.True(_host.Pings(a, address), address);
        // Nothing of it is on the host.
        Assert.DoesNotContain("macvlan", _host.Network.Run("ip", "-d", "-o", "link"));
        Assert.DoesNotContain("insula", _host.Network.TryRun("nft", "list", "ruleset").Output);

        _host.Vzctl("set", $"{b}", "--netif_del", "eth0", "--save").Succeeds();
        var links = _host.Host.In(b, "ip link");
        Assert.DoesNotContain("eth0", links);
        Assert.Contains("eth1", links);
        _host.Vzctl("restart", $"{b}").Succeeds();
        Assert.Contains("eth1", _host.Host.In(b, "ip link"));
        _host.Vzctl("set", $"{b}", "--netif_del", "all", "--save").Succeeds();
        Assert.DoesNotContain("eth1", _host.Host.In(b, "ip link"));
    }

    [Fact]
    public void What_does_not_go_together_is_refused_and_nothing_changes()
    {
        _host.Network.Run("sh", "-c", "ip link add br9 type bridge; ip link add port0 type veth peer name port1; ip link set port0 master br9");
        var ctid = _host.Host.Container(started: true);
        var before = File.ReadAllText(_host.Host.ConfigFile(ctid));
        foreach (var (code, message, text) in new[]
        {
            (130, "which the host cannot guard", "eth0,type=macvlan,link=up0"),
            (130, "which the host cannot guard", "eth0,type=macvlan,link=up0,mac_filter=off"),
            (130, "without a link", $"eth0,type=macvlan,{Unguarded}"),
            (130, "no macvlan", "eth0,link=up0"),
            (130, "no bridge and no VLAN", $"eth0,,,,br9,type=macvlan,link=up0,{Unguarded}"),
            (130, "There is no link nosuch0", $"eth0,type=macvlan,link=nosuch0,{Unguarded}"),
            (130, "port0 belongs to br9", $"eth0,type=macvlan,link=port0,{Unguarded}"),
            (21, "type is", $"eth0,type=ipvlan,link=up0,{Unguarded}"),
            (21, "mode is", $"eth0,type=macvlan,link=up0,mode=passthru,{Unguarded}"),
            (21, "there is no key moed", $"eth0,type=macvlan,link=up0,moed=bridge,{Unguarded}"),
            (21, "multicast", $"eth0,01:00:5e:00:00:01,type=macvlan,link=up0,{Unguarded}"),
        })
        {
            _host.Vzctl("set", $"{ctid}", "--netif_add", text, "--save").Fails(code, message);
            Assert.Equal(before, File.ReadAllText(_host.Host.ConfigFile(ctid)));
        }
        Assert.DoesNotContain("eth0", _host.Host.In(ctid, "ip link"));
        _host.Vzctl("set", $"{ctid}", "--netif_add", $"eth0,type=macvlan,link=up0,{Unguarded}", "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ifname", "eth0", "--mac_filter", "on").Fails(130, "cannot guard");
        _host.Vzctl("set", $"{ctid}", "--ifname", "eth0", "--bridge", "br9").Fails(130, "no bridge");
    }
}
