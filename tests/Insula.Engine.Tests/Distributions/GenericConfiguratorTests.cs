using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Distributions;

public class GenericConfiguratorTests
{
    [Fact]
    public void A_tree_without_signs_of_Debian_gets_the_files_every_system_reads_and_no_others()
    {
        using var tree = new ContainerTree().Add("bin/busybox", "");
        var configurator = tree.Configurator;
        Assert.Equal("generic", configurator.Family);
        Assert.True(configurator.PostCreate());
        Assert.False(configurator.SetAddresses(ContainerTree.Addresses("10.0.0.5/32")));
        Assert.True(configurator.SetHostName("box", ContainerTree.Addresses("10.0.0.5/32")));
        Assert.True(configurator.SetDns([IpAddress.Parse("192.0.2.53")], []));
        Assert.Equal(["hostname", "hosts", "resolv.conf"], Directory.GetFiles(tree.PathOf("etc")).Select(Path.GetFileName).Order());
        Assert.Equal("nameserver 192.0.2.53\n", tree.Read("etc/resolv.conf"));
        Assert.Equal(
            "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n# Insula: begin\n10.0.0.5\tbox\n# Insula: end\n",
            tree.Read("etc/hosts"));
    }

    [Theory]
    [InlineData("NAME=Fedora\nID=fedora\n", "generic")]
    [InlineData("ID=ubuntu\nID_LIKE=debian\n", "debian")]
    [InlineData("ID='debian'\n", "debian")]
    [InlineData("ID=notdebian\nVERSION=debian\n", "generic")]
    public void The_family_is_told_from_os_release(string text, string family)
    {
        using var tree = new ContainerTree().Add("usr/lib/os-release", text).AddLink("etc/os-release", "../usr/lib/os-release");
        Assert.Equal(family, tree.Configurator.Family);
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
