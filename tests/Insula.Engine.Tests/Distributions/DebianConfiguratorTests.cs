using Insula.Engine.Distributions;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Distributions;

public class DebianConfiguratorTests
{
    private const string DebianInterfaces = """
        # interfaces(5) file used by ifup(8) and ifdown(8)
        # Include files from /etc/network/interfaces.d:
        source /etc/network/interfaces.d/*

        """;

    private static ContainerTree Debian() => new ContainerTree()
        .Add("etc/debian_version", "13.2\n")
        .Add("etc/network/interfaces", DebianInterfaces)
        .Add("etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
        .Add("etc/hostname", "template\n")
        .Add("etc/resolv.conf", "# mine\noptions edns0\nnameserver 9.9.9.9\n");

    [Fact]
    public void Addresses_go_into_a_block_of_the_interfaces_file_that_ifup_can_run_over_a_configured_device()
    {
        using var tree = Debian();
        Assert.True(tree.SetAddresses("10.0.0.5/32", "10.1.0.5/24", "2001:db8::5/128"));
        Assert.Equal(
            DebianInterfaces + """
            # Insula: begin
            auto lo
            iface lo inet loopback
            auto venet0
            iface venet0 inet manual
            	up ip link set dev venet0 up || true
            	up ip addr replace 10.0.0.5/32 dev venet0 || true
            	up ip addr replace 10.1.0.5/24 dev venet0 || true
            	up ip -6 addr replace 2001:db8::5/128 dev venet0 nodad || true
            	up ip route replace default dev venet0 || true
            	up ip -6 route replace default dev venet0 || true
            # Insula: end

            """,
            tree.Read("etc/network/interfaces"));
    }

    [Fact]
    public void A_second_run_touches_nothing()
    {
        using var tree = Debian().AddLink("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/lib/x");
        Assert.True(Run(tree));
        var before = tree.Snapshot();
        Assert.False(Run(tree));
        Assert.Equal(before, tree.Snapshot());

        static bool Run(ContainerTree tree)
        {
            var addresses = ContainerTree.Addresses("10.0.0.5/32", "2001:db8::5/64");
            var configurator = tree.Configurator;
            return configurator.PostCreate()
                | configurator.SetInterfaces([InterfaceSettings.Venet(addresses)])
                | configurator.SetHostName("web.example.com", addresses)
                | configurator.SetDns([IpAddress.Parse("192.0.2.53")], ["example.com"]);
        }
    }

    [Fact]
    public void Without_addresses_nothing_of_venet_is_left()
    {
        using var tree = Debian();
        tree.SetAddresses("10.0.0.5/32");
        Assert.True(tree.SetAddresses());
        Assert.DoesNotContain("venet0", tree.Read("etc/network/interfaces"));
        Assert.Contains("iface lo inet loopback", tree.Read("etc/network/interfaces"));
    }

    [Fact]
    public void A_container_of_old_vzctl_loses_the_stanzas_that_vzctl_wrote_and_keeps_its_own()
    {
        using var tree = Debian().Add("etc/network/interfaces", """
            # This configuration file is auto-generated.
            auto lo venet0
            iface lo inet loopback
            iface venet0 inet manual
            	up ifconfig venet0 up
            	# a remark
            	up route add default dev venet0
            auto venet0:0
            iface venet0:0 inet static
            	address 10.9.9.9
            	netmask 255.255.255.255
            auto eth0
            iface eth0 inet dhcp
            	metric 100

            """);
        tree.SetAddresses();
        Assert.Equal(
            """
            # This configuration file is auto-generated.
            auto lo
            iface lo inet loopback
            	# a remark
            auto eth0
            iface eth0 inet dhcp
            	metric 100

            """,
            tree.Read("etc/network/interfaces"));
    }

    [Fact]
    public void Networkd_is_told_to_keep_what_the_host_set_up_when_it_is_enabled()
    {
        using var tree = new ContainerTree()
            .Add("etc/os-release", "NAME=x\nID=derived\nID_LIKE=\"ubuntu debian\"\n")
            .AddLink("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/lib/systemd/system/systemd-networkd.service");
        Assert.Equal(["systemd-networkd"], tree.Configurator.NetworkServices);
        Assert.True(tree.SetAddresses("10.0.0.5/32", "2001:db8::5/128"));
        Assert.False(File.Exists(tree.PathOf("etc/network/interfaces")));
        Assert.Equal(
            """
            # Written by Insula at every start and change of addresses.
            [Match]
            Name=venet0

            [Network]
            KeepConfiguration=yes
            LinkLocalAddressing=no
            IPv6AcceptRA=no

            [Address]
            Address=10.0.0.5/32
            Broadcast=no

            [Address]
            Address=2001:db8::5/128
            DuplicateAddressDetection=none

            [Route]
            Destination=0.0.0.0/0
            Scope=link

            [Route]
            Destination=::/0

            """,
            tree.Read("etc/systemd/network/10-insula-venet0.network"));
    }

    [Fact]
    public void Without_a_network_service_no_network_file_is_written()
    {
        using var tree = new ContainerTree().Add("etc/debian_version", "13\n");
        var before = tree.Snapshot();
        Assert.False(tree.SetAddresses("10.0.0.5/32"));
        Assert.Equal(before, tree.Snapshot());
    }

    [Fact]
    public void The_host_name_gets_a_line_of_its_own_in_hosts()
    {
        using var tree = Debian();
        Assert.True(tree.Configurator.SetHostName("web.example.com", ContainerTree.Addresses("10.0.0.5/32", "10.0.0.6/32")));
        Assert.Equal("web.example.com\n", tree.Read("etc/hostname"));
        Assert.EndsWith("ip6-loopback\n# Insula: begin\n10.0.0.5\tweb.example.com web\n# Insula: end\n", tree.Read("etc/hosts"));
        Assert.True(tree.Configurator.SetHostName("db", []));
        Assert.EndsWith("ip6-loopback\n# Insula: begin\n127.0.1.1\tdb\n# Insula: end\n", tree.Read("etc/hosts"));
    }

    [Fact]
    public void The_host_name_line_of_old_vzctl_is_replaced()
    {
        using var tree = Debian().Add(
            "etc/hosts",
            "127.0.0.1 localhost\n# Auto-generated hostname. Please do not remove this comment.\n10.9.9.9 old.example.com old\n10.2.2.2 other\n");
        tree.Configurator.SetHostName("new", ContainerTree.Addresses("10.0.0.5/32"));
        Assert.Equal("127.0.0.1 localhost\n10.2.2.2 other\n# Insula: begin\n10.0.0.5\tnew\n# Insula: end\n", tree.Read("etc/hosts"));
    }

    [Fact]
    public void Name_servers_replace_those_that_were_there_and_options_stay()
    {
        using var tree = Debian();
        Assert.True(tree.Configurator.SetDns([IpAddress.Parse("192.0.2.53"), IpAddress.Parse("2001:db8::53")], ["a.example", "b.example"]));
        Assert.Equal(
            "# mine\noptions edns0\nsearch a.example b.example\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n", tree.Read("etc/resolv.conf"));
        Assert.True(tree.Configurator.SetDns([], ["c.example"]));
        Assert.Equal(
            "# mine\noptions edns0\nsearch c.example\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n", tree.Read("etc/resolv.conf"));
        Assert.False(tree.Configurator.SetDns([], []));
    }

    [Theory]
    [InlineData("../run/systemd/resolve/stub-resolv.conf")]
    [InlineData("/run/resolvconf/resolv.conf")]
    public void A_resolv_conf_that_is_a_link_into_run_becomes_a_file(string target)
    {
        using var tree = Debian();
        File.Delete(tree.PathOf("etc/resolv.conf"));
        tree.AddLink("etc/resolv.conf", target);
        Assert.False(tree.Configurator.PostCreate());
        Assert.True(tree.Configurator.SetDns([IpAddress.Parse("192.0.2.53")], []));
        Assert.Null(new FileInfo(tree.PathOf("etc/resolv.conf")).LinkTarget);
        Assert.Equal("nameserver 192.0.2.53\n", tree.Read("etc/resolv.conf"));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_and_missing_newlines_survive()
    {
        using var tree = Debian().Add("etc/network/interfaces", "# caf\xe9 \xff\xfe\r\nauto lo\niface lo inet loopback");
        tree.SetAddresses("10.0.0.5/32");
        Assert.StartsWith("# caf\xe9 \xff\xfe\r\nauto lo\niface lo inet loopback\n# Insula: begin\nauto venet0\n", tree.Read("etc/network/interfaces"));
    }

    [Fact]
    public void The_mode_of_a_replaced_file_stays()
    {
        using var tree = Debian();
        File.SetUnixFileMode(tree.PathOf("etc/hosts"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        tree.Configurator.SetHostName("web", []);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(tree.PathOf("etc/hosts")));
    }

    [Fact]
    public void Containers_of_one_template_run_their_daily_jobs_at_different_minutes()
    {
        const string crontab = "SHELL=/bin/sh\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n5 5 * * * root own-job\n";
        var minutes = new HashSet<string>();
        for (uint container = 0; container < 100; container++)
        {
            var text = Engine.Distributions.Crontab.WithSpreadMinutes(crontab, 100000 + (container * 65536));
            Assert.Equal(text, Engine.Distributions.Crontab.WithSpreadMinutes(text, 100000 + (container * 65536)));
            Assert.EndsWith(" *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n5 5 * * * root own-job\n", text);
            var minute = text.Split('\n')[1].Split(' ')[0];
            Assert.InRange(int.Parse(minute), 0, 59);
            minutes.Add(minute);
        }
        Assert.InRange(minutes.Count, 30, 60);
    }
}
