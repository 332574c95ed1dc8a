using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Cgroups;

public class CpuControlTests
{
    [Fact]
    public void Version_1_gets_shares_and_a_quota()
    {
        using var fixture = CgroupFixture.Hybrid();
        foreach (var file in (string[])["cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us"])
            fixture.Put($"cpu,cpuacct/insula/101/{file}", "-1\n");
        var cpu = fixture.Tree().Group("101").Cpu!;
        Assert.Equal(0, cpu.LimitPercent);
        cpu.SetUnits(2000);
        cpu.LimitPercent = 150;
        Assert.Equal("2048", fixture.Get("cpu,cpuacct/insula/101/cpu.shares"));
        Assert.Equal("150000", fixture.Get("cpu,cpuacct/insula/101/cpu.cfs_quota_us"));
        Assert.Equal("100000", fixture.Get("cpu,cpuacct/insula/101/cpu.cfs_period_us"));
        Assert.Equal(150, cpu.LimitPercent);
        cpu.LimitPercent = 0;
        Assert.Equal("-1", fixture.Get("cpu,cpuacct/insula/101/cpu.cfs_quota_us"));
    }

    [Fact]
    public void Version_2_gets_a_weight_and_a_quota_with_its_period()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/101/cpu.weight", "100\n");
        fixture.Put("insula/101/cpu.max", "max 100000\n");
        var cpu = fixture.Tree().Group("101").Cpu!;
        Assert.Equal(0, cpu.LimitPercent);
        cpu.SetUnits(2000);
        cpu.LimitPercent = 1;
        Assert.Equal("200", fixture.Get("insula/101/cpu.weight"));
        Assert.Equal("1000 100000", fixture.Get("insula/101/cpu.max"));
        Assert.Equal(1, cpu.LimitPercent);
        cpu.LimitPercent = 0;
        Assert.Equal("max 100000", fixture.Get("insula/101/cpu.max"));
        fixture.Put("insula/101/cpu.max", "rubbish\n");
        Assert.Throws<LinuxException>(() => cpu.LimitPercent);
    }

    [Fact]
    public void Among_containers_version_1_gets_half_the_units()
    {
        using var fixture = CgroupFixture.Hybrid();
        fixture.Put("cpu,cpuacct/insula/101/cpu.shares", "1024\n");
        fixture.Tree().Group("101").Cpu!.SetUnitsAmongSiblings(500_000);
        Assert.Equal("250000", fixture.Get("cpu,cpuacct/insula/101/cpu.shares"));
    }

    [Fact]
    public void In_version_2_one_with_many_units_takes_its_siblings_to_the_coarse_scale_and_those_that_come_later_too()
    {
        using var fixture = CgroupFixture.Version2();
        foreach (var name in (string[])["101", "102", "103", "104"])
            fixture.Put($"insula/{name}/cpu.weight", "100\n");
        fixture.Put("insula/other/cgroup.procs", "");
        var tree = fixture.Tree();
        tree.Group("101").Cpu!.SetUnitsAmongSiblings(100_000);
        tree.Group("102").Cpu!.SetUnitsAmongSiblings(250);
        Assert.Equal(("10000", "25"), (fixture.Get("insula/101/cpu.weight"), fixture.Get("insula/102/cpu.weight")));
        tree.Group("103").Cpu!.SetUnitsAmongSiblings(500_000);
        tree.Group("104").Cpu!.SetUnitsAmongSiblings(200_000);
        Assert.Equal(["2000", "5", "10000", "4000"], ((string[])["101", "102", "103", "104"]).Select(name => fixture.Get($"insula/{name}/cpu.weight")));
        tree.Group("103").Cpu!.SetUnitsAmongSiblings(500);
        Assert.Equal(("2000", "10"), (fixture.Get("insula/101/cpu.weight"), fixture.Get("insula/103/cpu.weight")));
    }

    [Theory]
    [InlineData(true, "insula/101/cpu.max.burst", "insula/101/cpu.max", "60000 100000")]
    [InlineData(false, "cpu,cpuacct/insula/101/cpu.cfs_burst_us", "cpu,cpuacct/insula/101/cpu.cfs_quota_us", "60000")]
    public void What_is_saved_up_is_in_microseconds_and_goes_before_the_ceiling_changes(bool unified, string burst, string quota, string sixty)
    {
        using var fixture = unified ? CgroupFixture.Version2() : CgroupFixture.Version1();
        var cpu = fixture.Tree().Group("101").Cpu!;
        fixture.Put(quota, "max 100000\n");
        fixture.Put("cpu,cpuacct/insula/101/cpu.cfs_period_us", "100000\n");
        Assert.False(cpu.CanBurst);
        Assert.Equal(0, cpu.BurstPercent);
        fixture.Put(burst, "0\n");
        Assert.True(cpu.CanBurst);
        cpu.LimitPercent = 60;
        cpu.BurstPercent = 40;
        Assert.Equal(("40000", sixty), (fixture.Get(burst), fixture.Get(quota)));
        Assert.Equal(40, cpu.BurstPercent);
        cpu.LimitPercent = 30;
        Assert.Equal("0", fixture.Get(burst));
    }

    [Fact]
    public void Processor_time_is_in_microseconds_in_both_versions()
    {
        using var old = CgroupFixture.Hybrid();
        old.Put("cpu,cpuacct/insula/101/cpuacct.usage", "5000999\n");
        old.Put("cpu,cpuacct/insula/101/cpuacct.usage_user", "3000000\n");
        old.Put("cpu,cpuacct/insula/101/cpuacct.usage_sys", "2000000\n");
        using var unified = CgroupFixture.Version2();
        unified.Put("insula/101/cpu.stat", "usage_usec 5000\nuser_usec 3000\nsystem_usec 2000\nnr_periods 0\n");
        Assert.Equal(new CpuUsage(5000, 3000, 2000), old.Tree().Group("101").ReadCpuUsage());
        Assert.Equal(new CpuUsage(5000, 3000, 2000), unified.Tree().Group("101").ReadCpuUsage());
    }

    [Fact]
    public void In_version_1_all_processors_means_those_of_the_parent()
    {
        using var fixture = CgroupFixture.Version1();
        fixture.Put("cpuset/insula/cpuset.cpus", "0-3\n");
        fixture.Put("cpuset/insula/101/cpuset.cpus", "0-3\n");
        var cpuset = fixture.Tree().Group("101").CpuSet!;
        Assert.Equal(CpuSet.Range(0, 3), cpuset.AllowedCpus);
        cpuset.Cpus = CpuSet.Range(1, 2);
        Assert.Equal("1-2", fixture.Get("cpuset/insula/101/cpuset.cpus"));
        Assert.Equal(CpuSet.Range(1, 2), cpuset.Cpus);
        cpuset.Cpus = CpuSet.All;
        Assert.Equal("0-3", fixture.Get("cpuset/insula/101/cpuset.cpus"));
    }

    [Fact]
    public void In_version_2_all_processors_means_to_follow_the_parent()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/cpuset.cpus.effective", "0-3\n");
        fixture.Put("insula/cpuset.mems.effective", "0\n");
        fixture.Put("insula/101/cpuset.cpus", "\n");
        fixture.Put("insula/101/cpuset.cpus.effective", "0-3\n");
        fixture.Put("insula/101/cpuset.mems", "\n");
        var cpuset = fixture.Tree().Group("101").CpuSet!;
        Assert.Equal(CpuSet.Range(0, 3), cpuset.Cpus);
        cpuset.Cpus = CpuSet.Range(2, 2);
        cpuset.Nodes = CpuSet.Range(0, 0);
        Assert.Equal("2", fixture.Get("insula/101/cpuset.cpus"));
        Assert.Equal("0", fixture.Get("insula/101/cpuset.mems"));
        cpuset.Cpus = CpuSet.All;
        Assert.Equal("\n", fixture.Get("insula/101/cpuset.cpus"));
    }
}
