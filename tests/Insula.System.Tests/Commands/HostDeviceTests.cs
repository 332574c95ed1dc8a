using System.Diagnostics;
using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>Network devices of the host that a container has (--netdev_add). A veth stands for the device; its other end is in a namespace beyond.</summary>
public sealed class HostDeviceTests : IDisposable
{
    private readonly NetworkHost _host = new();
    private readonly PrivateNetwork _beyond;

    public HostDeviceTests()
    {
        _beyond = _host.Network.Uplink("dev7");
        _beyond.Run("sh", "-c", "ip addr add 10.20.0.1/24 dev far; ip addr add fd49:20::1/64 dev far nodad");
        _host.Network.Run("sh", "-c", "ip link set dev7 mtu 1400; ip addr add 10.20.0.2/24 dev dev7; ip addr add fd49:20::2/64 dev dev7 nodad");
    }

    public void Dispose()
    {
        _host.Dispose();
        _beyond.Dispose();
    }

    private string OnHost => _host.Network.TryRun("ip", "-o", "addr", "show", "dev", "dev7").Output;

    // Links and addresses; an address that the kernel makes itself is tentative for a while.
    private string Everything => _host.Network.Run("ip", "-o", "addr").Replace(" tentative", "", StringComparison.Ordinal);

    private void AssertBackAsItWas(string mac)
    {
        var link = _host.Network.Run("ip", "-o", "link", "show", "dev", "dev7");
        Assert.Contains(mac, link);
        Assert.Contains("mtu 1400", link);
        Assert.Contains(",UP", link);
        Assert.Contains("10.20.0.2/24", OnHost);
        Assert.Contains("fd49:20::2/64", OnHost);
        Assert.DoesNotContain(_host.Host.MountsLeft(), mount => mount.EndsWith("netns", StringComparison.Ordinal));
        Assert.Equal(0, _host.Network.TryRun("ping", "-n", "-c", "1", "-W", "5", "10.20.0.1").Code);
    }

    [Fact]
    public void A_device_is_the_containers_while_it_runs_and_comes_back_as_it_was_however_that_ends()
    {
        var mac = _host.Network.Run("ip", "-o", "link", "show", "dev", "dev7").Split("link/ether ")[1].Split(' ')[0];
        var ctid = _host.Host.Container();
        _host.Vzctl("set", $"{ctid}", "--netdev_add", "dev7", "--save").Succeeds();
        Assert.Contains("NETDEV=\"dev7\"", File.ReadAllText(_host.Host.ConfigFile(ctid)));
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Contains("does not exist", OnHost);
        _host.BringUp(ctid, "dev7", "10.20.0.9/24", "fd49:20::9/64");
        Assert.True(_host.Pings(ctid, "10.20.0.1"));
        Assert.True(_host.Pings(ctid, "fd49:20::1"));

        // Whatever root in the container does to it.
        _host.Host.In(ctid, "ip link set dev7 down; ip link set dev7 name mine address 02:00:00:00:00:99 mtu 1300; ip link set mine up");
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        AssertBackAsItWas(mac);

        // An init that is killed, without a daemon: the next command puts things in order. The kernel would have destroyed a device like this.
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Process.GetProcessById(_host.Init(ctid)).Kill();
        Assert.True(SpinWait.SpinUntil(() => _host.Vzctl("status", $"{ctid}").Output.Contains("down", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
        _host.Vzctl("stop", $"{ctid}");
        AssertBackAsItWas(mac);

        // While it runs.
        _host.Vzctl("set", $"{ctid}", "--netdev_del", "all", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--netdev_add", "dev7").Succeeds();
        Assert.Contains("dev7", _host.Host.In(ctid, "ip link"));
        _host.Network.Run("ip", "link", "add", "dev7", "type", "veth", "peer", "name", "dev8");
        _host.Vzctl("set", $"{ctid}", "--netdev_del", "dev7").Succeeds();
        Assert.DoesNotContain("dev7", _host.Host.In(ctid, "ip link"));
        // Its name had been taken meanwhile.
        var link = _host.Network.Run("sh", "-c", $"ip -o link | grep {mac}");
        Assert.Matches(@"^\d+: dev\d+@.*mtu 1400", link);
        Assert.DoesNotContain("dev7@", link);
    }

    [Fact]
    public void What_the_host_needs_is_not_handed_over_and_nothing_changes()
    {
        _host.Network.Run("sh", "-c", "ip link add br9 type bridge; ip link add port0 type veth peer name port1; ip link set port0 master br9;"
            + " ip link add main0 type veth peer name main1; ip addr add 10.30.0.1/24 dev main0; ip link set main0 up; ip link set main1 up; ip route add default via 10.30.0.2");
        var (owner, ctid) = (_host.Host.Container(), _host.Host.Container());
        foreach (var name in new[] { "lo", "venet0", "tun0", "tap0", "a/b", "much-too-long-a-name" })
            _host.Vzctl("set", $"{ctid}", "--netdev_add", name, "--save").Fails(21, name);
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0", "--save").Succeeds();
        _host.Vzctl("set", $"{owner}", "--netdev_add", "dev7", "--save").Succeeds();
        _host.Vzctl("start", $"{owner}").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        var (before, links) = (File.ReadAllText(_host.Host.ConfigFile(ctid)), Everything);
        foreach (var (name, message) in new[]
        {
            ("nosuch0", "there is none of that name"), ("br9", "a bridge device stays"), ("port0", "it belongs to br9"), ("main0", "default route"),
            ("dev7", $"CT {owner} has it"), ($"veth{ctid}.0", $"host's end of CT {ctid}'s network"),
        })
        {
            _host.Vzctl("set", $"{ctid}", "--netdev_add", name, "--save").Fails(104, message);
            Assert.Equal(before, File.ReadAllText(_host.Host.ConfigFile(ctid)));
            Assert.Equal(links, Everything);
        }

        // Of two, one of which cannot be had, the other stays, too; and a start fails as a whole.
        _host.Vzctl("set", $"{ctid}", "--netdev_add", "port1", "--netdev_add", "dev7", "--save").Fails(104, "dev7");
        Assert.Equal(links, Everything);
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--netdev_add", "port1", "--netdev_add", "dev7", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Fails(104, "dev7");
        Assert.Contains("port1", _host.Network.Run("ip", "-o", "link"));
        Assert.Contains($"CTID {ctid} exist unmounted down", _host.Vzctl("status", $"{ctid}").Output);
    }
}
