using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>OpenVZ's programs for links: vznetcfg, vznetaddbr, vzifup-post; and its files of addresses.</summary>
public sealed class LinkHookTests : IDisposable
{
    private readonly NetworkHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Vznetaddbr_attaches_what_names_no_bridge_to_vmbr0_under_guard()
    {
        var hook = Path.Combine(_host.Host.Base, "etc/vznetaddbr");
        File.CreateSymbolicLink(hook, _host.Host.Binary);
        File.WriteAllText(Path.Combine(_host.Host.Base, "etc/vznet.conf"), $"#!/bin/bash\nEXTERNAL_SCRIPT=\"{hook}\"\n");
        foreach (var bridge in new[] { "vmbr0", "br1" })
            _host.Host.Insula("net", "add-bridge", bridge).Succeeds();
        var ctid = _host.Host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0", "--netif_add", "eth1,,,,br1", "--save").Succeeds();
        Assert.Contains($"Adding interface veth{ctid}.0 to bridge vmbr0", _host.Vzctl("start", $"{ctid}").Succeeds().Output);
        string MasterOf(int number) => _host.Network.Run("ip", "-o", "link", "show", "dev", $"veth{ctid}.{number}").Split(" master ") is [_, var rest] ? rest.Split(' ')[0] : "none";
        Assert.Equal(("vmbr0", "br1"), (MasterOf(0), MasterOf(1)));
        // One that is added while the container runs, and is in no file yet.
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth2").Succeeds();
        Assert.Equal("vmbr0", MasterOf(2));
        // A change of something else leaves it where it is, and what is looked at is what is on that bridge.
        _host.Vzctl("set", $"{ctid}", "--ifname", "eth0", "--ipadd", "10.22.0.2/24").Succeeds();
        Assert.Equal("vmbr0", MasterOf(0));
        if (_host.Network.TryRun("nft", "list", "table", "netdev", "insula") is { Code: 0, Output: var rules })
            Assert.Contains($"jump segment-{_host.Network.Run("ip", "-o", "link", "show", "dev", "vmbr0").Split(':')[0]}", rules);

        _host.Host.Program("vznetaddbr", "init", "veth", "nosuch0").Fails(3, "nosuch0");
        _host.Host.Program("vznetaddbr", "init").Fails(1, "Usage: vznetaddbr init veth LINK");
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        _host.Host.Insula("net", "remove-bridge", "vmbr0").Succeeds();
        _host.Vzctl("start", $"{ctid}").Fails(79, "exited with 130");
        Assert.DoesNotContain($"veth{ctid}", _host.Network.Run("ip", "-o", "link"));
    }

    [Fact]
    public void Vznetcfg_sets_a_link_up_or_leaves_that_to_the_administrators_program()
    {
        var ctid = _host.Host.Container();
        _host.Vzctl("set", $"{ctid}", "--netif_add", "eth0", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        var link = $"veth{ctid}.0";
        _host.Network.Run("ip", "link", "set", link, "down");
        _host.Host.Program("vznetcfg", "init", "veth", link).Succeeds();
        Assert.Contains(",UP", _host.Network.Run("ip", "-o", "link", "show", "dev", link));
        Assert.Equal("1\n1\n1\n", _host.Network.Run("cat", $"/proc/sys/net/ipv4/conf/{link}/proxy_arp", $"/proc/sys/net/ipv4/conf/{link}/forwarding", $"/proc/sys/net/ipv6/conf/{link}/forwarding"));

        var log = Path.Combine(_host.Host.Base, "hook.log");
        var program = Path.Combine(_host.Host.Base, "etc/hook");
        File.WriteAllText(program, $"#!/bin/sh\necho \"$@ for $VEID\" >> {log}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        File.WriteAllText(Path.Combine(_host.Host.Base, "etc/vznet.conf"), $"EXTERNAL_SCRIPT=\"{program}\"\n");
        _host.Network.Run("ip", "link", "set", link, "down");
        _host.Host.Program("vznetcfg", "init", "veth", link).Succeeds();
        Assert.Equal($"init veth {link} for {ctid}\n", File.ReadAllText(log));
        Assert.DoesNotContain("UP", _host.Network.Run("ip", "-o", "link", "show", "dev", link).Split('>')[0]);
        _host.Host.Program("vznetcfg", "init", "veth").Fails(1, "Usage: vznetcfg init veth LINK");
    }

    [Fact]
    public void After_an_uplink_came_back_the_host_answers_again_and_tells_and_files_have_the_addresses()
    {
        using var beyond = _host.Network.Uplink("up0");
        _host.Network.Run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/proxy_ndp; ip addr add 10.23.0.1/24 dev up0; ip addr add fd49:23::1/64 dev up0 nodad");
        beyond.Run("sh", "-c", "ip addr add 10.23.0.2/24 dev far; ip addr add fd49:23::2/64 dev far nodad");
        _host.Configure("NEIGHBOUR_DEVS", "detect");
        var ctid = _host.Host.Container(started: false, "--ipadd", "10.23.0.9", "--ipadd", "fd49:23::9");
        var file = Path.Combine(_host.Host.Base, $"veip/{ctid}");
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("10.23.0.9 fd49:23::9\n", File.ReadAllText(file));
        bool Reached(string address) => Enumerable.Range(0, 30).Any(_ => beyond.TryRun("ping", "-n", "-c", "1", "-W", "1", address).Code == 0);
        Assert.True(Reached("10.23.0.9"));
        Assert.True(Reached("fd49:23::9"));

        _host.Network.Run("sh", "-c", "ip link set up0 down; ip link set up0 up; ip addr replace fd49:23::1/64 dev up0 nodad");
        Assert.DoesNotContain("10.23.0.9", _host.Network.Run("ip", "neigh", "show", "proxy"));
        _host.Host.Program("vzifup-post", "up0").Succeeds();
        var proxies = _host.Network.Run("ip", "neigh", "show", "proxy") + _host.Network.Run("ip", "-6", "neigh", "show", "proxy");
        Assert.Contains("10.23.0.9 dev up0", proxies);
        Assert.Contains("fd49:23::9 dev up0", proxies);
        Assert.True(Reached("10.23.0.9"));
        Assert.True(Reached("fd49:23::9"));
        // It is called for every link that comes up.
        _host.Host.Program("vzifup-post", "lo").Succeeds();
        _host.Host.Program("vzifup-post", $"venet{ctid}").Succeeds();
        _host.Host.Program("vzifup-post", "nosuch0").Fails(3, "nosuch0");
        _host.Host.Program("vzifup-post").Fails(1, "Usage");
        Assert.DoesNotContain("dev lo", _host.Network.Run("ip", "neigh", "show", "proxy"));

        _host.Vzctl("set", $"{ctid}", "--ipadd", "10.23.0.10").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ipdel", "fd49:23::9").Succeeds();
        Assert.Equal("10.23.0.9 10.23.0.10\n", File.ReadAllText(file));
        _host.Vzctl("set", $"{ctid}", "--ipdel", "all").Succeeds();
        Assert.False(File.Exists(file));
        _host.Vzctl("set", $"{ctid}", "--ipadd", "10.23.0.11").Succeeds();
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        Assert.False(File.Exists(file));
    }
}
