namespace Insula.System.Tests.Commands;

/// <summary>What is written into a container's network files, run there by its own program: the ifup of busybox.</summary>
[Trait("Kernel", "any")]
public sealed class NetworkFileTests : IDisposable
{
    private const string Interfaces = "auto lo\niface lo inet loopback\n\nauto eth7\niface eth7 inet dhcp\n\thostname mine\n";

    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void An_ifup_of_the_containers_own_ends_with_the_addresses_of_the_host_and_ipdel_takes_out_ours_alone()
    {
        var (one, two) = (CommandHost.NewAddress(), CommandHost.NewAddress());
        var ctid = _host.Container(started: true);
        _host.VzctlFed($"mkdir -p /etc/network /var/run /run; cat > /etc/network/interfaces <<'END'\n{Interfaces}END\n", "exec2", $"{ctid}", "sh").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ipadd", $"{one}/24", "--ipadd", two, "--save").Succeeds();
        var addresses = Addresses(ctid);
        Assert.Contains($"inet {one}/24", addresses);
        Assert.Contains($"inet {two}/32", addresses);
        // eth7 is not there: what is not ours may fail.
        _host.In(ctid, "busybox ifdown -f venet0; busybox ifup -f venet0");
        Assert.Equal(addresses.Split('\n').Order(), Addresses(ctid).Split('\n').Order());
        _host.In(ctid, $"ip addr del {two}/32 dev venet0; ip route del default; busybox ifup -f venet0");
        Assert.Equal(addresses.Split('\n').Order(), Addresses(ctid).Split('\n').Order());

        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.Equal(addresses.Split('\n').Order(), Addresses(ctid).Split('\n').Order());
        _host.Vzctl("set", $"{ctid}", "--ipdel", "all", "--save").Succeeds();
        Assert.Equal(Interfaces, _host.In(ctid, "cat /etc/network/interfaces"));
    }

    [Fact]
    public void Files_that_a_container_has_made_unusable_fail_the_change_and_leave_it_as_it_was()
    {
        var (one, two) = (CommandHost.NewAddress(), CommandHost.NewAddress());
        var ctid = _host.Container(started: true, "--ipadd", one);
        _host.In(ctid, "mkdir -p /etc/network && busybox mkfifo /etc/network/interfaces");
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _host.Vzctl("set", $"{ctid}", "--ipadd", two, "--save").Fails(108, "/etc/network/interfaces of the container");
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.DoesNotContain(two, Addresses(ctid));
        _host.In(ctid, "rm /etc/network/interfaces; ln -s /proc/1/root/etc/passwd /etc/network/interfaces");
        _host.Vzctl("set", $"{ctid}", "--ipadd", two, "--save").Succeeds();
        Assert.Equal("no link\n", _host.In(ctid, "test -L /etc/network/interfaces || echo no link"));
        Assert.DoesNotContain("root:", _host.In(ctid, "cat /etc/network/interfaces"));
    }

    private string Addresses(int ctid)
        => _host.In(ctid, "ip addr show venet0 | grep inet | grep -v fe80; ip route | grep -o '^default dev venet0'");
}
