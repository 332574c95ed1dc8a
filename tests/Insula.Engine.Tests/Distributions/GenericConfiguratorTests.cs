using Insula.Engine.Distributions;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Distributions;

public class GenericConfiguratorTests
{
    [Fact]
    public void A_tree_without_signs_of_Debian_gets_the_files_every_system_reads_and_no_others()
    {
        using var tree = new ContainerTree().Add("bin/busybox", "");
        var configurator = tree.Configurator;
        Assert.Empty(configurator.NetworkServices);
        Assert.True(configurator.PostCreate());
        Assert.False(tree.SetAddresses("10.0.0.5/32"));
        Assert.True(configurator.SetHostName("box", ContainerTree.Addresses("10.0.0.5/32")));
        Assert.True(configurator.SetDns([IpAddress.Parse("192.0.2.53")], []));
        Assert.Equal(["hostname", "hosts", "resolv.conf"], Directory.GetFiles(tree.PathOf("etc")).Select(Path.GetFileName).Order());
        Assert.Equal("nameserver 192.0.2.53\n", tree.Read("etc/resolv.conf"));
        Assert.Equal(
            "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n# Insula: begin\n10.0.0.5\tbox\n# Insula: end\n",
            tree.Read("etc/hosts"));
    }

    [Fact]
    public void A_service_that_starts_with_the_container_goes_before_one_that_is_only_there_and_takes_its_place()
    {
        using var tree = new ContainerTree().Add("usr/sbin/ifup", "").Add("etc/network/interfaces", "auto lo\niface lo inet loopback\n");
        Assert.Equal(["ifupdown"], tree.Configurator.NetworkServices);
        var before = tree.Read("etc/network/interfaces");
        tree.SetAddresses("10.0.0.5");
        tree.AddLink("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/lib/x");
        Assert.Equal(["systemd-networkd"], tree.Configurator.NetworkServices);
        tree.SetAddresses("10.0.0.5");
        Assert.Equal(before, tree.Read("etc/network/interfaces"));
        Assert.Contains("Address=10.0.0.5/32", tree.Read("etc/systemd/network/10-insula-venet0.network"));
        // Masked, it is not started, whatever wants it.
        tree.AddLink("etc/systemd/system/systemd-networkd.service", "/dev/null");
        Assert.Equal(["ifupdown"], tree.Configurator.NetworkServices);
        tree.SetAddresses("10.0.0.5");
        Assert.False(File.Exists(tree.PathOf("etc/systemd/network/10-insula-venet0.network")));
    }

    [Theory]
    [InlineData("eth0/../../x")]
    [InlineData("eth0\n")]
    [InlineData("..")]
    [InlineData("a'b")]
    [InlineData("averyveryverylongname")]
    public void A_name_of_an_interface_that_is_more_than_a_name_is_refused(string name)
    {
        using var tree = new ContainerTree().AddLink("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/lib/x");
        var before = tree.Snapshot();
        var error = Assert.Throws<InsulaException>(() => tree.Configurator.SetInterfaces([new InterfaceSettings { Name = name, Dhcp4 = true }]));
        Assert.Equal(ExitCode.BadValue, error.Code);
        Assert.Equal(before, tree.Snapshot());
    }

    [Fact]
    public void Localhost_is_added_only_where_it_is_missing()
    {
        using var tree = new ContainerTree().Add("etc/hosts", "127.0.0.1 box localhost # the box\n127.0.0.1x localhost\n");
        tree.Configurator.PostCreate();
        Assert.Equal(
            "::1\tlocalhost ip6-localhost ip6-loopback\n127.0.0.1 box localhost # the box\n127.0.0.1x localhost\n", tree.Read("etc/hosts"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("a..b")]
    [InlineData("ä")]
    [InlineData("a;reboot")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaa")]
    public void A_name_that_would_say_more_than_a_name_is_refused_and_nothing_is_written(string name)
    {
        using var tree = new ContainerTree();
        var error = Assert.Throws<InsulaException>(() => tree.Configurator.SetHostName(name, []));
        Assert.Equal(ExitCode.BadHostName, error.Code);
        error = Assert.Throws<InsulaException>(() => tree.Configurator.SetDns([], [name + " x"]));
        Assert.Equal(ExitCode.BadSearchDomain, error.Code);
        Assert.Empty(Directory.GetFiles(tree.PathOf("etc")));
    }
}
