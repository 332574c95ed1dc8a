using CsCheck;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Cgroups;

public class LimitTests
{
    private static readonly Gen<CgroupLimit> Limits = Gen.Frequency(
        (4, Gen.Long[0, 1L << 50].Select(value => new CgroupLimit(value))),
        (1, Gen.Const(CgroupLimit.Unlimited)));

    [Theory]
    [InlineData("max")]
    [InlineData("-1")]
    [InlineData("9223372036854771712")] // v1 with pages of 4 KiB
    [InlineData("9223372036854710272")] // v1 with pages of 64 KiB
    [InlineData("18446744073709551615")]
    public void The_kernels_ways_to_say_no_bound_are_all_understood(string text)
        => Assert.True(CgroupLimit.FromKernel(text, "f").IsUnlimited);

    [Fact]
    public void A_bound_of_zero_is_a_bound()
    {
        Assert.False(new CgroupLimit(0).IsUnlimited);
        Assert.Equal("0", new CgroupLimit(0).ToUnifiedText());
        Assert.True(new CgroupLimit(0) < CgroupLimit.Unlimited);
    }

    [Fact]
    public void Rubbish_is_an_error_that_names_the_file()
        => Assert.Contains("pids.max", Assert.Throws<LinuxException>(() => CgroupLimit.FromKernel("x", "/a/pids.max")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bounds_are_read_back_as_written()
        => Limits.Sample(limit =>
        {
            Assert.Equal(limit, CgroupLimit.FromKernel(limit.ToUnifiedText(), "f"));
            Assert.Equal(limit, CgroupLimit.FromKernel(limit.ToVersion1Text(), "f"));
        });

    [Fact]
    public void Memory_never_exceeds_the_sum_between_the_two_writes_of_version_1()
        => Gen.Select(Limits, Limits, Limits, Limits).Sample((oldMemory, oldSwap, memory, swap) =>
        {
            var now = new Dictionary<string, CgroupLimit>
            {
                ["memory.limit_in_bytes"] = oldMemory,
                ["memory.memsw.limit_in_bytes"] = oldMemory.Plus(oldSwap),
            };
            foreach (var (file, value) in MemoryControlV1.Order(now["memory.memsw.limit_in_bytes"], memory, memory.Plus(swap)))
            {
                now[file] = value;
                Assert.True(now["memory.limit_in_bytes"] <= now["memory.memsw.limit_in_bytes"]);
            }
            Assert.Equal(memory, now["memory.limit_in_bytes"]);
            Assert.Equal(memory.Plus(swap), now["memory.memsw.limit_in_bytes"]);
        });

    [Fact]
    public void Version_1_bounds_memory_and_the_sum_of_memory_and_swap()
    {
        using var fixture = CgroupFixture.Hybrid();
        fixture.Put("memory/insula/101/memory.limit_in_bytes", "9223372036854771712\n");
        fixture.Put("memory/insula/101/memory.memsw.limit_in_bytes", "9223372036854771712\n");
        fixture.Put("memory/insula/101/memory.soft_limit_in_bytes", "9223372036854771712\n");
        var memory = fixture.Tree().Group("101").Memory!;
        Assert.Equal(CgroupLimit.Unlimited, memory.SwapMax);

        memory.SetLimits(new CgroupLimit(1000), new CgroupLimit(500));
        Assert.Equal("1000", fixture.Get("memory/insula/101/memory.limit_in_bytes"));
        Assert.Equal("1500", fixture.Get("memory/insula/101/memory.memsw.limit_in_bytes"));
        Assert.Equal(new CgroupLimit(500), memory.SwapMax);

        memory.SetLimits(new CgroupLimit(3000), null);
        Assert.Equal("3500", fixture.Get("memory/insula/101/memory.memsw.limit_in_bytes"));

        memory.SetLimits(CgroupLimit.Unlimited, new CgroupLimit(500));
        Assert.Equal("-1", fixture.Get("memory/insula/101/memory.limit_in_bytes"));
        Assert.Equal("-1", fixture.Get("memory/insula/101/memory.memsw.limit_in_bytes"));
        Assert.Equal(CgroupLimit.Unlimited, memory.SwapMax);

        memory.High = new CgroupLimit(700);
        Assert.Equal("700", fixture.Get("memory/insula/101/memory.soft_limit_in_bytes"));
    }

    [Fact]
    public void Version_2_bounds_memory_and_swap_each_by_itself()
    {
        using var fixture = CgroupFixture.Version2();
        foreach (var file in (string[])["memory.max", "memory.swap.max", "memory.high"])
            fixture.Put($"insula/101/{file}", "max\n");
        fixture.Put("insula/101/memory.current", "4096\n");
        var memory = fixture.Tree().Group("101").Memory!;
        memory.SetLimits(new CgroupLimit(8192), new CgroupLimit(0));
        memory.High = new CgroupLimit(6000);
        Assert.Equal("8192", fixture.Get("insula/101/memory.max"));
        Assert.Equal("0", fixture.Get("insula/101/memory.swap.max"));
        Assert.Equal("6000", fixture.Get("insula/101/memory.high"));
        memory.SetLimits(CgroupLimit.Unlimited, CgroupLimit.Unlimited);
        Assert.Equal("max", fixture.Get("insula/101/memory.max"));
        Assert.Equal("max", fixture.Get("insula/101/memory.swap.max"));
    }

    [Fact]
    public void Version_2_refuses_to_go_below_what_is_in_use_instead_of_killing()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/101/memory.max", "max\n");
        fixture.Put("insula/101/memory.current", "10000\n");
        fixture.Put("insula/101/memory.reclaim", "");
        var memory = fixture.Tree().Group("101").Memory!;
        var refusal = Assert.Throws<LinuxException>(() => memory.SetLimits(new CgroupLimit(4000), null));
        Assert.Equal(Errno.EBUSY, refusal.Errno);
        Assert.NotNull(refusal.Hint);
        Assert.Equal("6000", fixture.Get("insula/101/memory.reclaim"));
        Assert.Equal("max\n", fixture.Get("insula/101/memory.max"));
    }

    [Fact]
    public void A_bound_on_swap_is_an_error_with_a_hint_where_swap_is_not_accounted()
    {
        using var fixture = CgroupFixture.Version1();
        fixture.Put("memory/insula/101/memory.limit_in_bytes", "9223372036854771712\n");
        var memory = fixture.Tree().Group("101").Memory!;
        Assert.False(memory.CanLimitSwap);
        var refusal = Assert.Throws<LinuxException>(() => memory.SetLimits(new CgroupLimit(4096), new CgroupLimit(4096)));
        Assert.Contains("swapaccount", refusal.Hint, StringComparison.Ordinal);
        memory.SetLimits(new CgroupLimit(4096), CgroupLimit.Unlimited);
        Assert.Equal("4096", fixture.Get("memory/insula/101/memory.limit_in_bytes"));
    }

    [Fact]
    public void Memory_figures_of_both_versions_come_out_alike()
    {
        using var old = CgroupFixture.Version1();
        old.Put("memory/insula/101/memory.usage_in_bytes", "8192\n");
        old.Put("memory/insula/101/memory.max_usage_in_bytes", "16384\n");
        old.Put("memory/insula/101/memory.failcnt", "2\n");
        old.Put("memory/insula/101/memory.memsw.failcnt", "1\n");
        old.Put("memory/insula/101/memory.stat", "cache 1\nswap 1\ntotal_cache 5\ntotal_swap 4096\n");
        old.Put("memory/insula/101/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        using var unified = CgroupFixture.Version2();
        unified.Put("insula/101/memory.current", "8192\n");
        unified.Put("insula/101/memory.peak", "16384\n");
        unified.Put("insula/101/memory.swap.current", "4096\n");
        unified.Put("insula/101/memory.events", "low 0\nhigh 7\nmax 3\noom 2\noom_kill 2\noom_group_kill 0\n");
        var expected = new MemoryUsage(8192, 16384, 4096, 3, 2);
        Assert.Equal(expected, old.Tree().Group("101").Memory!.ReadUsage());
        Assert.Equal(expected, unified.Tree().Group("101").Memory!.ReadUsage());
    }

    [Theory]
    [InlineData("pids/insula/101", false)]
    [InlineData("insula/101", true)]
    public void The_bound_on_processes_is_the_same_in_both_versions(string directory, bool isUnified)
    {
        using var fixture = isUnified ? CgroupFixture.Version2() : CgroupFixture.Version1();
        fixture.Put($"{directory}/pids.max", "max\n");
        fixture.Put($"{directory}/pids.current", "12\n");
        fixture.Put($"{directory}/pids.events", "max 4\n");
        var pids = fixture.Tree().Group("101").Pids!;
        Assert.True(pids.Max.IsUnlimited);
        pids.Max = new CgroupLimit(240);
        Assert.Equal("240", fixture.Get($"{directory}/pids.max"));
        pids.Max = CgroupLimit.Unlimited;
        Assert.Equal("max", fixture.Get($"{directory}/pids.max"));
        Assert.Equal((12, 4, (long?)null), (pids.Current, pids.FailCount, pids.Peak));
    }
}
