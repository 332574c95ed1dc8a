using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

public class CgroupWorldTests
{
    [Fact]
    public void Version_1_alone_is_recognized_with_controllers_that_share_a_hierarchy()
    {
        using var fixture = CgroupFixture.Version1();
        var world = fixture.World();
        Assert.Equal(CgroupWorldKind.V1, world.Kind);
        Assert.Null(world.Unified);
        Assert.Equal(fixture.PathOf("cpu,cpuacct"), world.Find(CgroupController.Cpu)!.MountPoint);
        Assert.Same(world.Find(CgroupController.Cpu), world.Find(CgroupController.CpuAcct));
        Assert.Equal(fixture.PathOf("memory"), world.Find(CgroupController.Memory)!.MountPoint);
        Assert.Single(world.Hierarchies, hierarchy => hierarchy.IsSystemd && hierarchy.Controllers.Count == 0);
    }

    [Fact]
    public void A_cgroup2_mount_without_controllers_beside_version_1_is_hybrid()
    {
        using var fixture = CgroupFixture.Hybrid();
        var world = fixture.World();
        Assert.Equal(CgroupWorldKind.Hybrid, world.Kind);
        Assert.Equal(fixture.PathOf("unified"), world.Unified!.MountPoint);
        Assert.Empty(world.Unified.Controllers);
        Assert.False(world.Find(CgroupController.Pids)!.IsUnified);
    }

    [Fact]
    public void Version_2_alone_holds_all_controllers_and_calls_blkio_io()
    {
        using var fixture = CgroupFixture.Version2();
        var world = fixture.World();
        Assert.Equal(CgroupWorldKind.V2, world.Kind);
        Assert.Same(world.Unified, world.Find(CgroupController.Memory));
        Assert.Same(world.Unified, world.Find(CgroupController.BlockIo));
        Assert.Null(world.Find(CgroupController.Devices));
        Assert.Single(world.Hierarchies);
    }

    [Fact]
    public void A_stray_version_1_mount_of_no_use_to_containers_leaves_a_version_2_host_what_it_is()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.AddVersion1("net_cls", "net_cls,net_prio");
        Assert.Equal(CgroupWorldKind.V2, fixture.World().Kind);
        Assert.NotNull(fixture.World().Find(CgroupController.NetCls));
    }

    [Fact]
    public void Each_controller_is_found_where_it_is_when_a_hybrid_host_splits_them()
    {
        using var fixture = CgroupFixture.Hybrid();
        File.WriteAllText(fixture.PathOf("unified/cgroup.controllers"), "hugetlb misc\n");
        Assert.True(fixture.World().Find(CgroupController.HugeTlb)!.IsUnified);
        Assert.False(fixture.World().Find(CgroupController.Memory)!.IsUnified);
    }

    [Fact]
    public void A_second_mount_of_a_hierarchy_or_of_a_part_of_it_does_not_count()
    {
        using var fixture = CgroupFixture.Hybrid();
        var before = fixture.World().Hierarchies.Count;
        fixture.AddMountLine("90 22 0:33 /some/service /elsewhere rw - cgroup cgroup rw,memory");
        fixture.AddMountLine("91 22 0:34 / /elsewhere2 rw - cgroup cgroup rw,name=systemd");
        fixture.AddMountLine("92 22 0:35 / /elsewhere3 rw - cgroup2 cgroup2 rw");
        Assert.Equal(before, fixture.World().Hierarchies.Count);
    }

    [Fact]
    public void The_mount_of_the_whole_hierarchy_is_preferred_to_an_earlier_one_of_a_part()
    {
        const string mounts = """
            40 22 0:33 /some/service /part rw - cgroup cgroup rw,memory
            41 22 0:33 / /whole rw - cgroup cgroup rw,memory
            """;
        Assert.Equal("/whole", CgroupWorld.Parse(mounts, "", _ => "").Find(CgroupController.Memory)!.MountPoint);
    }

    [Fact]
    public void A_controller_disabled_at_boot_is_told_apart_from_one_the_kernel_does_not_have()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.DisableAtBoot("memory");
        Assert.Equal([CgroupController.Memory], fixture.World().DisabledControllers);
    }

    [Fact]
    public void A_host_without_any_hierarchy_is_said_to_have_none()
    {
        var world = CgroupWorld.Parse("22 1 254:0 / / rw - ext4 /dev/vda rw,name= - cgroup\n", "", _ => "");
        Assert.Equal(CgroupWorldKind.None, world.Kind);
        Assert.Throws<Insula.Linux.Syscalls.LinuxException>(() => CgroupTree.Open(world, "insula"));
    }

    [Fact]
    public void The_mounts_of_other_file_systems_are_no_hierarchies()
        => Assert.Equal(CgroupWorldKind.None, CgroupWorld.Parse("22 1 0:9 / /x rw - cgroupfs x rw,memory\n", "", _ => "").Kind);
}
