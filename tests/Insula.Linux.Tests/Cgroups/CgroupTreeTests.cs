using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Cgroups;

public class CgroupTreeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/insula")]
    [InlineData("insula/")]
    [InlineData("insula//x")]
    [InlineData("..")]
    [InlineData("insula/../x")]
    [InlineData("insula/.")]
    [InlineData("in sula")]
    [InlineData("insula\n")]
    [InlineData("cgroup.procs")]
    [InlineData("tasks")]
    [InlineData("insulä")]
    [InlineData(".slice")]
    [InlineData("..slice")]
    [InlineData("insula.slice/cpu.max")]
    [InlineData("insula/x.service")]
    [InlineData("in sula.slice")]
    public void A_tree_with_an_odd_name_is_refused(string name)
    {
        using var fixture = CgroupFixture.Version2();
        Assert.Throws<ArgumentException>(() => CgroupTree.Open(fixture.World(), name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../101")]
    [InlineData("101/sub")]
    [InlineData("memory.max")]
    public void A_group_with_an_odd_name_is_refused(string name)
    {
        using var fixture = CgroupFixture.Version2();
        var tree = fixture.Tree();
        Assert.Throws<ArgumentException>(() => tree.Group(name));
    }

    [Fact]
    public void Version_1_groups_are_made_in_every_hierarchy_and_get_their_parents_processors()
    {
        using var fixture = CgroupFixture.Hybrid();
        fixture.Put("cpuset/cpuset.cpus", "0-3\n");
        fixture.Put("cpuset/cpuset.mems", "0\n");
        fixture.Put("cpuset/insula/cpuset.cpus", "\n");
        fixture.Put("cpuset/insula/cpuset.mems", "\n");
        fixture.Put("cpuset/insula/101/cpuset.cpus", "\n");
        fixture.Put("cpuset/insula/101/cpuset.mems", "\n");
        var group = fixture.Tree().Group("101");
        group.Create();
        group.Create();
        foreach (var hierarchy in (string[])["cpu,cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd", "unified"])
            Assert.True(Directory.Exists(fixture.PathOf($"{hierarchy}/insula/101")), hierarchy);
        Assert.Equal("0-3", fixture.Get("cpuset/insula/cpuset.cpus"));
        Assert.Equal("0-3", fixture.Get("cpuset/insula/101/cpuset.cpus"));
        Assert.Equal("0", fixture.Get("cpuset/insula/101/cpuset.mems"));
    }

    [Fact]
    public void Processors_that_a_version_1_group_has_already_are_left_alone()
    {
        using var fixture = CgroupFixture.Version1();
        fixture.Put("cpuset/insula/cpuset.cpus", "0-3\n");
        fixture.Put("cpuset/insula/cpuset.mems", "0\n");
        fixture.Put("cpuset/insula/101/cpuset.cpus", "2\n");
        fixture.Put("cpuset/insula/101/cpuset.mems", "0\n");
        fixture.Tree().Group("101").Create();
        Assert.Equal("2\n", fixture.Get("cpuset/insula/101/cpuset.cpus"));
    }

    [Fact]
    public void Below_a_unit_of_systemd_nothing_is_made_or_written_above_what_the_unit_was_given()
    {
        using var fixture = CgroupFixture.Version2();
        const string unit = "insula.slice/insula-containers.service";
        foreach (var directory in (string[])["", "insula.slice/", $"{unit}/", $"{unit}/101/"])
        {
            fixture.Put($"{directory}cgroup.controllers", "cpu memory pids\n");
            fixture.Put($"{directory}cgroup.subtree_control", "\n");
        }
        var tree = CgroupTree.Open(fixture.World(), unit);
        Assert.Equal((unit, fixture.PathOf(unit)), (tree.UnitName, tree.UnitDirectory));
        tree.Group("101").Create();
        Assert.Equal("\n", fixture.Get("cgroup.subtree_control"));
        Assert.Equal("\n", fixture.Get("insula.slice/cgroup.subtree_control"));
        Assert.NotEqual("\n", fixture.Get($"{unit}/cgroup.subtree_control"));
        Assert.Equal("\n", fixture.Get($"{unit}/101/cgroup.subtree_control"));
    }

    [Fact]
    public void A_unit_that_is_not_there_is_not_made()
    {
        using var fixture = CgroupFixture.Version2();
        var group = CgroupTree.Open(fixture.World(), "insula.slice/insula-containers.service/trial").Group("101");
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(group.Create).Errno);
        Assert.False(Directory.Exists(fixture.PathOf("insula.slice")));
    }

    [Fact]
    public void A_tree_in_a_unit_is_removed_without_the_unit()
    {
        using var fixture = CgroupFixture.Version2();
        Directory.CreateDirectory(fixture.PathOf("a.slice/b.service/one/two"));
        Assert.True(CgroupTree.Open(fixture.World(), "a.slice/b.service/one/two").TryDelete());
        Assert.True(Directory.Exists(fixture.PathOf("a.slice/b.service")));
        Assert.False(Directory.Exists(fixture.PathOf("a.slice/b.service/one")));
    }

    [Fact]
    public void Version_2_controllers_are_handed_down_to_the_container_but_not_below_it()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/cgroup.controllers", "memory pids\n");
        fixture.Put("insula/cgroup.subtree_control", "memory\n");
        fixture.Put("insula/101/cgroup.controllers", "memory pids\n");
        fixture.Put("insula/101/cgroup.subtree_control", "\n");
        fixture.Tree().Group("101").Create();
        Assert.NotEqual("\n", fixture.Get("cgroup.subtree_control"));
        Assert.Equal("+pids", fixture.Get("insula/cgroup.subtree_control"));
        Assert.Equal("\n", fixture.Get("insula/101/cgroup.subtree_control"));
    }

    [Theory]
    [InlineData("cpuset cpu io memory hugetlb pids rdma misc", "", "+cpu +cpuset +memory +io +pids")]
    [InlineData("cpuset cpu io memory pids", "cpu memory", "+cpuset +io +pids")]
    [InlineData("cpuset", "", "+cpuset")]
    [InlineData("", "", "")]
    public void Just_the_controllers_that_are_there_and_not_on_are_switched_on(string available, string enabled, string written)
        => Assert.Equal(written, string.Join(' ', CgroupMaker.Missing(available, enabled)));

    [Fact]
    public void The_groups_of_the_tree_are_listed_once_whichever_hierarchy_still_has_them()
    {
        using var fixture = CgroupFixture.Hybrid();
        Assert.Empty(fixture.Tree().GroupNames());
        Directory.CreateDirectory(fixture.PathOf("memory/insula/101"));
        Directory.CreateDirectory(fixture.PathOf("pids/insula/101/deeper"));
        Directory.CreateDirectory(fixture.PathOf("pids/insula/102"));
        Assert.Equal(["101", "102"], fixture.Tree().GroupNames());
        Assert.True(fixture.Tree().Group("102").Exists);
        Assert.False(fixture.Tree().Group("103").Exists);
    }

    [Fact]
    public void Deleting_takes_groups_below_along_and_leaves_the_neighbours()
    {
        using var fixture = CgroupFixture.Hybrid();
        Directory.CreateDirectory(fixture.PathOf("systemd/insula/101/system.slice/ssh.service"));
        Directory.CreateDirectory(fixture.PathOf("unified/insula/101/user.slice/a/b/c"));
        Directory.CreateDirectory(fixture.PathOf("unified/insula/1010"));
        var tree = fixture.Tree();
        tree.Group("101").Delete(TimeSpan.Zero);
        tree.Group("101").Delete(TimeSpan.Zero);
        Assert.Equal(["1010"], tree.GroupNames());
        Assert.False(tree.TryDelete());
        tree.Group("1010").Delete(TimeSpan.Zero);
        Assert.True(tree.TryDelete());
        Assert.False(Directory.Exists(fixture.PathOf("unified/insula")));
    }

    [Fact]
    public void Groups_nested_deeper_than_a_path_can_be_long_are_deleted()
    {
        using var fixture = CgroupFixture.Version2();
        Directory.CreateDirectory(fixture.PathOf("insula/101"));
        NestDeeply(fixture.PathOf("insula/101"), levels: 40);
        fixture.Tree().Group("101").Delete(TimeSpan.Zero);
        Assert.False(fixture.Tree().Group("101").Exists);
    }

    [Fact]
    public void A_write_that_fails_names_the_file_and_the_value()
    {
        using var fixture = CgroupFixture.Version2();
        var group = fixture.Tree().Group("101");
        var refusal = Assert.Throws<LinuxException>(() => group.Pids!.Max = new CgroupLimit(5));
        Assert.Equal(Errno.ENOENT, refusal.Errno);
        Assert.Contains($"\"5\" to {fixture.Root}/insula/101/pids.max", refusal.Message, StringComparison.Ordinal);
    }

    // Each level is made inside the one before by descriptor, as a container would with chdir: 40 x 200 bytes is beyond PATH_MAX.
    private static void NestDeeply(string top, int levels)
    {
        var name = new string('d', 200);
        var current = Files.Open(top, OpenFlags.Directory);
        for (var level = 0; level < levels; level++)
        {
            using var above = current;
            Directory.CreateDirectory($"{above.ProcPath}/{name}");
            current = new FileDescriptor((int)Kernel.Check(Files.TryOpenAt(above.Number, name, OpenFlags.Directory), "open", name));
        }
        current.Dispose();
    }
}
