using Insula.Engine.ProcFs;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.ProcFs;

/// <summary>A container's figures from its groups' files, as the two versions of cgroups have them.</summary>
public sealed class ContainerFigureFixtureTests : IDisposable
{
    private const long Mega = 1 << 20;

    private readonly TemporaryDirectory _root = new();

    private static readonly MemoryFigures Host = new() { Total = 8192 * Mega, Used = 100 * Mega, SwapTotal = 1024 * Mega, SwapUsed = 0, PageTables = 7 };

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Version_1_tells_limits_use_and_lists_and_no_slab()
    {
        PutVersion1(memory: 256 * Mega, sum: 384 * Mega);
        var figures = MemoryReader.Read(Group(unified: false).Memory, Host);
        Assert.Equal((256 * Mega, 56 * Mega), (figures.Total, figures.Used));
        Assert.Equal((128 * Mega, 4096L), (figures.SwapTotal, figures.SwapUsed));
        Assert.Equal((11L, 12, 13, 14), (figures.ActiveAnonymous, figures.InactiveAnonymous, figures.ActiveFile, figures.InactiveFile));
        Assert.Equal((0L, 0L, 0L), (figures.ReclaimableSlab, figures.KernelStacks, figures.PageTables));
        Assert.Equal((2L, 900L), (figures.OomKills, figures.Faults));
        Assert.Equal((200 * Mega) + 13 + 14, figures.Available);
    }

    [Fact]
    public void Version_2_tells_slab_stacks_and_page_tables_as_well()
    {
        PutVersion2(memory: $"{256 * Mega}", swap: $"{128 * Mega}");
        var figures = MemoryReader.Read(Group(unified: true).Memory, Host);
        Assert.Equal((256 * Mega, 56 * Mega), (figures.Total, figures.Used));
        Assert.Equal((128 * Mega, 4096L), (figures.SwapTotal, figures.SwapUsed));
        Assert.Equal((11L, 12, 13, 14), (figures.ActiveAnonymous, figures.InactiveAnonymous, figures.ActiveFile, figures.InactiveFile));
        Assert.Equal((21L, 22L, 23L, 24L), (figures.ReclaimableSlab, figures.UnreclaimableSlab, figures.KernelStacks, figures.PageTables));
        Assert.Equal((2L, 900L), (figures.OomKills, figures.Faults));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_limits_or_with_larger_ones_it_is_as_large_as_the_host(bool unified)
    {
        PutVersion1(memory: 0x7FFFFFFFFFFFF000, sum: 0x7FFFFFFFFFFFF000);
        PutVersion2(memory: "max", swap: "max");
        var figures = MemoryReader.Read(Group(unified).Memory, Host);
        Assert.Equal((Host.Total, Host.SwapTotal), (figures.Total, figures.SwapTotal));
        PutVersion2(memory: $"{99_999 * Mega}", swap: "0");
        PutVersion1(memory: 99_999 * Mega, sum: 99_999 * Mega);
        figures = MemoryReader.Read(Group(unified).Memory, Host);
        Assert.Equal((Host.Total, 0L), (figures.Total, figures.SwapTotal));
    }

    [Fact]
    public void A_kernel_that_accounts_no_swap_shows_the_hosts()
    {
        PutVersion1(memory: 256 * Mega, sum: 0);
        File.Delete(_root["memory/insula/101/memory.memsw.limit_in_bytes"]);
        PutVersion2(memory: $"{256 * Mega}", swap: "0");
        File.Delete(_root["insula/101/memory.swap.max"]);
        File.Delete(_root["insula/101/memory.swap.current"]);
        foreach (var unified in new[] { false, true })
            Assert.Equal(Host.SwapTotal, MemoryReader.Read(Group(unified).Memory, Host).SwapTotal);
    }

    [Fact]
    public void Without_a_memory_controller_the_figures_are_the_hosts() => Assert.Equal(Host, MemoryReader.Read(null, Host));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_group_that_goes_while_it_is_read_is_an_error_that_says_so(bool unified)
    {
        PutVersion1(memory: Mega, sum: Mega);
        PutVersion2(memory: "max", swap: "max");
        var group = Group(unified);
        _ = MemoryReader.Read(group.Memory, Host);
        File.Delete(_root["memory/insula/101/memory.stat"]);
        File.Delete(_root["insula/101/memory.stat"]);
        var error = Assert.Throws<LinuxException>(() => MemoryReader.Read(group.Memory, Host));
        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    [Fact]
    public void Time_is_by_processor_in_version_1_and_spread_in_version_2()
    {
        var two = CpuSet.Range(0, 1);
        _root.Write("cpu/insula/101/cpuacct.usage_all", "cpu user system\n0 3000000000 1000000000\n1 500000000 0\n");
        var ticks = ProcessorTicks.Of(two, Group(unified: false).ReadCpuTimes(two), uptime: 1000);
        Assert.Equal([(0, 300L, 100L, 600L), (1, 50L, 0L, 950L)], ticks.Each);
        _root.Write("insula/101/cpu.stat", "usage_usec 4500000\nuser_usec 3500000\nsystem_usec 1000000\n");
        ticks = ProcessorTicks.Of(two, Group(unified: true).ReadCpuTimes(two), uptime: 1000);
        Assert.Equal([(0, 175L, 50L, 775L), (1, 175L, 50L, 775L)], ticks.Each);
        Assert.Equal((350L, 100L, 1550L), (ticks.User, ticks.System, ticks.Idle));
    }

    private ControlGroup Group(bool unified)
    {
        var root = _root.Path;
        var mounts = unified
            ? $"30 22 0:30 / {root} rw - cgroup2 cgroup2 rw\n"
            : $"30 22 0:30 / {root}/cpu rw - cgroup cgroup rw,cpu,cpuacct\n31 22 0:31 / {root}/memory rw - cgroup cgroup rw,memory\n";
        var controllers = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\ncpuacct\t1\t1\t1\nmemory\t2\t1\t1\n";
        return CgroupTree.Open(CgroupWorld.Parse(mounts, controllers, _ => "cpuset cpu io memory pids"), "insula").Group("101");
    }

    private void PutVersion1(long memory, long sum)
    {
        const string group = "memory/insula/101";
        _root.Write($"{group}/memory.limit_in_bytes", $"{memory}\n");
        _root.Write($"{group}/memory.memsw.limit_in_bytes", $"{sum}\n");
        _root.Write($"{group}/memory.usage_in_bytes", $"{56 * Mega}\n");
        _root.Write($"{group}/memory.max_usage_in_bytes", $"{60 * Mega}\n");
        _root.Write($"{group}/memory.failcnt", "0\n");
        _root.Write($"{group}/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        // The first lines are of the group without those below it.
        _root.Write($"{group}/memory.stat", """
            cache 1
            active_anon 1
            total_cache 5000
            total_rss 23
            total_pgfault 900
            total_pgmajfault 3
            total_active_anon 11
            total_inactive_anon 12
            total_active_file 13
            total_inactive_file 14
            total_swap 4096

            """);
    }

    private void PutVersion2(string memory, string swap)
    {
        const string group = "insula/101";
        _root.Write($"{group}/memory.max", $"{memory}\n");
        _root.Write($"{group}/memory.swap.max", $"{swap}\n");
        _root.Write($"{group}/memory.current", $"{56 * Mega}\n");
        _root.Write($"{group}/memory.peak", $"{60 * Mega}\n");
        _root.Write($"{group}/memory.swap.current", "4096\n");
        _root.Write($"{group}/memory.events", "low 0\nhigh 0\nmax 0\noom 2\noom_kill 2\n");
        _root.Write($"{group}/memory.stat", """
            anon 23
            file 5000
            kernel_stack 23
            pagetables 24
            active_anon 11
            inactive_anon 12
            active_file 13
            inactive_file 14
            slab_reclaimable 21
            slab_unreclaimable 22
            pgfault 900
            pgmajfault 3

            """);
    }
}
