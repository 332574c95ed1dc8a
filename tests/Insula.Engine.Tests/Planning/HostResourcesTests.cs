using Insula.Engine.Containers;
using Insula.Engine.Planning;
using Insula.Engine.Tests.Host;

namespace Insula.Engine.Tests.Planning;

public sealed class HostResourcesTests
{
    [Fact]
    public void A_host_is_read_from_proc()
    {
        var host = HostResources.Read(View(
            "MemTotal:       24683620 kB\nMemFree:        22725344 kB\nSwapTotal:       1048576 kB",
            "processor\t: 0\nbogomips\t: 4192.04\n\nprocessor\t: 1\nbogomips\t: 4192.04\n"));
        Assert.Equal(new HostResources(24683620L * 1024, 1L << 30, 24683620L * 1024, 192729, 8384.08m), host);
    }

    [Fact]
    public void Low_memory_counts_where_the_kernel_tells_it_and_arm_writes_bogomips_its_own_way()
    {
        var host = HostResources.Read(View("MemTotal: 2000 kB\nLowTotal: 800 kB\n", "BogoMIPS\t: 50.00\nCPU part\t: 0xd08\n"));
        Assert.Equal((800L * 1024, 0L, 50m), (host.LowMemory, host.Swap, host.BogoMips));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: many kB\n")]
    [InlineData("MemTotal: 9223372036854775807 kB\n")]
    public void A_host_that_does_not_tell_its_memory_cannot_be_planned_for(string memory)
        => Expect.Error(ExitCode.SystemError, () => HostResources.Read(View(memory, "")));

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1500, 1501)] // 500000 / 333, as OpenVZ's manual shows
    [InlineData(8, 8)]
    [InlineData(500000, 500000)]
    [InlineData(499999, 500000)]
    public void Units_count_as_the_whole_weight_that_they_give(long units, long counted)
        => Assert.Equal(counted, CpuCommitment.Of(Accounts.Host, [new CpuNode(new Ctid(101), units)]).Utilization);

    [Fact]
    public void A_host_is_overcommitted_when_more_units_are_promised_than_its_bogomips_are_worth()
    {
        var host = Accounts.Host with { BogoMips = 2922.9m };
        Assert.Equal(73072.5m, CpuCommitment.Of(host, []).Power);
        Assert.False(CpuCommitment.Of(host, [new CpuNode(default, 62500)]).IsOvercommitted);
        Assert.True(CpuCommitment.Of(host, [new CpuNode(default, 62500), new CpuNode(new Ctid(1), 62500)]).IsOvercommitted);
        Assert.False(CpuCommitment.Of(host with { BogoMips = 0 }, [new CpuNode(default, 500000)]).IsOvercommitted);
    }

    private static FakeHost View(string memory, string processors)
    {
        var view = new FakeHost();
        view.Files["/proc/meminfo"] = memory;
        view.Files["/proc/cpuinfo"] = processors;
        view.Files["/proc/sys/kernel/threads-max"] = "192729";
        return view;
    }
}
