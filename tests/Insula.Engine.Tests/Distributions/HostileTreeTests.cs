using Insula.Engine.Distributions;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Distributions;

public class HostileTreeTests
{
    private static readonly string[] Written = ["etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/network/interfaces"];

    private static void WriteAll(ContainerTree tree)
    {
        var addresses = ContainerTree.Addresses("10.0.0.5/32");
        var configurator = tree.Configurator;
        configurator.PostCreate();
        configurator.SetInterfaces([InterfaceSettings.Venet(addresses)]);
        configurator.SetHostName("web", addresses);
        configurator.SetDns([IpAddress.Parse("192.0.2.53")], []);
    }

    private static void MakeFifo(string path)
    {
        const int fifo = 0x1000 | 0x1B6;
        using var directory = Files.Open(Path.GetDirectoryName(path)!, OpenFlags.Path | OpenFlags.Directory);
        unsafe
        {
            fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path) + "\0"))
                Kernel.Check(Kernel.Call(Syscall.MkNodAt, directory.Number, (nint)name, fifo), "make", path);
        }
    }

    [Fact]
    public void Links_to_files_of_the_host_are_replaced_and_the_files_stay_as_they_were()
    {
        using var tree = new ContainerTree().Add("etc/debian_version", "13\n").Add("usr/sbin/ifup", "");
        Directory.CreateDirectory(tree.PathOf("etc/network"));
        foreach (var path in Written)
        {
            var target = Path.Combine(tree.Outside, Path.GetFileName(path));
            File.WriteAllText(target, "of the host\n");
            File.CreateSymbolicLink(tree.PathOf(path), path.Length % 2 == 0 ? target : $"../../../../outside/{Path.GetFileName(path)}");
        }
        WriteAll(tree);
        foreach (var path in Written)
        {
            Assert.Equal("of the host\n", File.ReadAllText(Path.Combine(tree.Outside, Path.GetFileName(path))));
            Assert.Null(new FileInfo(tree.PathOf(path)).LinkTarget);
            Assert.DoesNotContain("of the host", tree.Read(path));
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("../../../../../../etc")]
    [InlineData("/proc/self/root/etc")]
    [InlineData("etc")]
    public void An_etc_that_leads_out_is_refused_and_nothing_appears_outside(string target)
    {
        using var tree = new ContainerTree();
        Directory.Delete(tree.PathOf("etc"));
        tree.AddLink("etc", target);
        var error = Assert.Throws<InsulaException>(() => WriteAll(tree));
        Assert.Equal(ExitCode.DistributionScript, error.Code);
        Assert.Empty(Directory.GetFileSystemEntries(tree.Outside));
    }

    [Fact]
    public void An_etc_that_is_a_link_inside_is_followed_inside()
    {
        using var tree = new ContainerTree();
        Directory.Delete(tree.PathOf("etc"));
        Directory.CreateDirectory(tree.PathOf("data/etc"));
        tree.AddLink("etc", "/data/etc");
        WriteAll(tree);
        Assert.Equal("web\n", tree.Read("data/etc/hostname"));
    }

    [Fact]
    public void A_link_to_proc_is_not_read()
    {
        using var tree = new ContainerTree().AddLink("etc/hosts", "/proc/self/mounts").AddLink("etc/resolv.conf", "/proc/version");
        WriteAll(tree);
        Assert.StartsWith("127.0.0.1\tlocalhost\n", tree.Read("etc/hosts"));
        Assert.Equal("nameserver 192.0.2.53\n", tree.Read("etc/resolv.conf"));
    }

    [Fact]
    public void A_FIFO_in_the_place_of_a_file_is_refused_without_waiting()
    {
        using var tree = new ContainerTree();
        MakeFifo(tree.PathOf("etc/hosts"));
        var error = Assert.Throws<InsulaException>(() => WriteAll(tree));
        Assert.Equal("Cannot read /etc/hosts of the container: EINVAL (invalid argument)", error.Message);
        Assert.Equal("it is not a regular file", error.Hint);
    }

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_refused()
    {
        using var tree = new ContainerTree();
        Directory.CreateDirectory(tree.PathOf("etc/hostname"));
        Assert.Throws<InsulaException>(() => tree.Configurator.SetHostName("web", []));
    }

    [Fact]
    public void A_huge_file_is_refused_before_it_is_in_memory()
    {
        using var tree = new ContainerTree();
        using (var file = File.Create(tree.PathOf("etc/hosts")))
            file.SetLength(1L << 40);
        var error = Assert.Throws<InsulaException>(() => WriteAll(tree));
        Assert.Contains("EFBIG", error.Message);
        Assert.Equal(1L << 40, new FileInfo(tree.PathOf("etc/hosts")).Length);
    }

    [Fact]
    public void A_circular_link_is_replaced()
    {
        using var tree = new ContainerTree().AddLink("etc/hosts", "hosts");
        WriteAll(tree);
        Assert.Contains("10.0.0.5\tweb", tree.Read("etc/hosts"));
    }

    [Fact]
    public void What_a_killed_writer_left_is_taken_away_and_a_link_of_that_name_is_not_followed()
    {
        using var tree = new ContainerTree();
        var outside = Path.Combine(tree.Outside, "victim");
        File.WriteAllText(outside, "of the host");
        tree.AddLink("etc/.hosts.insula", outside);
        WriteAll(tree);
        Assert.Equal("of the host", File.ReadAllText(outside));
        Assert.Equal(["hostname", "hosts", "resolv.conf"], Directory.GetFileSystemEntries(tree.PathOf("etc")).Select(Path.GetFileName).Order());
    }

    public static TheoryData<string, string> NetworkFiles => new()
    {
        { "ubuntu-netplan", "etc/netplan/90-insula.yaml" },
        { "debian-networkmanager", "etc/NetworkManager/system-connections/insula-venet0.nmconnection" },
        { "debian-networkd", "etc/systemd/network/10-insula-venet0.network" },
        { "debian-ifupdown", "etc/network/interfaces" },
        { "centos-7", "etc/sysconfig/network-scripts/ifcfg-venet0" },
        { "opensuse-wicked", "etc/sysconfig/network/ifcfg-venet0" },
        { "arch-netctl", "etc/netctl/insula_venet0" },
        { "gentoo", "etc/conf.d/net" },
    };

    [Theory]
    [MemberData(nameof(NetworkFiles))]
    public void No_network_file_leads_out_and_what_is_no_file_is_refused(string name, string path)
    {
        var source = Path.Combine(House.Repository.Root, "tests/Insula.Engine.Tests/Distributions/Trees", name + ".tree");
        using (var tree = TreeFile.Read(source))
        {
            var victim = Path.Combine(tree.Outside, "victim");
            File.WriteAllText(victim, "of the host\n");
            File.Delete(tree.PathOf(path));
            tree.AddLink(path, victim);
            Assert.True(tree.SetAddresses("10.0.0.5"));
            Assert.Equal("of the host\n", File.ReadAllText(victim));
            Assert.Null(new FileInfo(tree.PathOf(path)).LinkTarget);
            Assert.DoesNotContain("of the host", tree.Read(path));
            Assert.Contains("10.0.0.5", tree.Read(path));
        }
        foreach (var make in (Action<string>[])[MakeFifo, Huge, file => Directory.CreateDirectory(file)])
        {
            using var tree = TreeFile.Read(source);
            File.Delete(tree.PathOf(path));
            make(tree.PathOf(path));
            var error = Assert.Throws<InsulaException>(() => tree.SetAddresses("10.0.0.5"));
            Assert.Equal(ExitCode.DistributionScript, error.Code);
            Assert.Contains("/" + path, error.Message);
        }
    }

    [Fact]
    public void A_directory_of_network_files_that_leads_out_is_refused_and_a_binary_file_too()
    {
        using var tree = new ContainerTree().AddLink("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/x");
        tree.AddLink("etc/systemd/network", "../../../outside");
        Assert.Throws<InsulaException>(() => tree.SetAddresses("10.0.0.5"));
        Assert.Empty(Directory.GetFileSystemEntries(tree.Outside));
        tree.Add("etc/hosts", "\x7f" + "ELF\0\0");
        var error = Assert.Throws<InsulaException>(() => tree.Configurator.SetHostName("web", []));
        Assert.Equal("Cannot read /etc/hosts of the container: it is no text file", error.Message);
        Assert.Equal("\x7f" + "ELF\0\0", tree.Read("etc/hosts"));
    }

    private static void Huge(string path)
    {
        using var file = File.Create(path);
        file.SetLength(1L << 30);
    }
}
