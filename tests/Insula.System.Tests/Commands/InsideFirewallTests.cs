using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>Packet filters that the root of a container sets up inside it, with the programs that Debian has for it.</summary>
public sealed class InsideFirewallTests : IDisposable
{
    private readonly PrivateNetwork _network = new();
    private readonly CommandHost _host = new();

    public InsideFirewallTests()
    {
        Require.Feature("nftables");
        _host.Network = _network;
    }

    public void Dispose()
    {
        _host.Dispose();
        _network.Dispose();
    }

    [Fact]
    public void Nftables_with_conntrack_and_nat_are_the_containers_own_unless_it_is_to_have_none()
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--ipadd", "10.77.0.5", "--ipadd", "fd77::5", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        HostProgram.Install(_host, ctid, "nft");
        _network.Run("ip", "addr", "add", "192.0.2.1/32", "dev", "lo");
        _host.In(ctid, "ping -c 1 -W 5 192.0.2.1");
        _host.In(ctid, """
            nft add table inet mine; nft add chain inet mine out '{ type filter hook output priority 0; policy accept; }'
            nft add rule inet mine out ct state new ip daddr 192.0.2.1 counter drop; nft add rule inet mine out ct state established accept
            nft add chain inet mine post '{ type nat hook postrouting priority 100; }'; nft add rule inet mine post oifname venet0 masquerade
            """);
        var rules = _host.In(ctid, "nft list ruleset");
        Assert.Contains("masquerade", rules);
        Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", "ping -c 1 -W 1 192.0.2.1").Code);
        Assert.DoesNotMatch("packets 0 ", _host.In(ctid, "nft list chain inet mine out"));
        Assert.DoesNotContain("mine", _network.Run("nft", "list", "tables"));
        // The kernel holds each network namespace to the host's bound.
        Assert.Equal(File.ReadAllText("/proc/sys/net/netfilter/nf_conntrack_max").Trim(), _host.In(ctid, "cat /proc/sys/net/netfilter/nf_conntrack_max").Trim());

        var waits = _host.Vzctl("set", $"{ctid}", "--netfilter", "disabled", "--save").Succeeds();
        Assert.Contains("Unable to set netfilter on a running container", waits.Error);
        _host.In(ctid, "nft list ruleset");
        _host.Vzctl("restart", $"{ctid}", "--fast").Succeeds();
        Assert.Contains("Protocol not supported", _host.Vzctl("exec2", $"{ctid}", "nft list ruleset 2>&1").Output);
        Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", "nft add table inet mine").Code);
        _host.In(ctid, "ping -c 1 -W 5 192.0.2.1");
        _host.Vzctl("set", $"{ctid}", "--netfilter", "full", "--save", "--setmode", "restart").Succeeds();
        _host.In(ctid, "nft add table inet mine");
    }

    [Theory]
    [InlineData("iptables-legacy")]
    [InlineData("iptables-nft")]
    public void Iptables_works_inside_and_is_missing_where_it_is_disabled(string program)
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, program);
        _host.In(ctid, $"{program} -P FORWARD DROP; {program} -t nat -P OUTPUT ACCEPT");
        Assert.Contains("-P FORWARD DROP", _host.In(ctid, $"{program} -S"));
        _host.Vzctl("set", $"{ctid}", "--netfilter", "disabled", "--save", "--setmode", "restart").Succeeds();
        Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", $"{program} -S").Code);
    }
}
