using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

public sealed class MemoryDetailTests
{
    [Fact]
    public void Version_1_tells_kernel_memory_with_its_peak_and_no_slab()
    {
        using var fixture = CgroupFixture.Hybrid();
        const string group = "memory/insula/101";
        fixture.Put($"{group}/memory.usage_in_bytes", "409600\n");
        fixture.Put($"{group}/memory.max_usage_in_bytes", "819200\n");
        fixture.Put($"{group}/memory.failcnt", "3\n");
        fixture.Put($"{group}/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        fixture.Put($"{group}/memory.stat", "cache 1\nshmem 5\ntotal_shmem 8192\ntotal_swap 4096\n");
        fixture.Put($"{group}/memory.kmem.usage_in_bytes", "114688\n");
        fixture.Put($"{group}/memory.kmem.max_usage_in_bytes", "229376\n");
        fixture.Put($"{group}/memory.kmem.failcnt", "1\n");
        var detail = fixture.Tree().Group("101").Memory!.ReadDetail();
        Assert.Equal(new MemoryDetail(new MemoryUsage(409600, 819200, 4096, 3, 2), null, null, 114688, 229376, 1, null, 8192), detail);
    }

    [Fact]
    public void Version_2_tells_slab_and_refusals_of_swap()
    {
        using var fixture = CgroupFixture.Version2();
        Put(fixture);
        var detail = fixture.Tree().Group("101").Memory!.ReadDetail();
        Assert.Equal(new MemoryDetail(new MemoryUsage(409600, 819200, 4096, 3, 2), 12288, 6, 114688, null, null, 24576, 8192), detail);
    }

    [Fact]
    public void An_old_kernel_of_version_2_keeps_no_peaks_and_tells_no_kernel_memory()
    {
        using var fixture = CgroupFixture.Version2();
        Put(fixture);
        File.Delete(fixture.PathOf("insula/101/memory.peak"));
        File.Delete(fixture.PathOf("insula/101/memory.swap.peak"));
        fixture.Put("insula/101/memory.stat", "anon 1\nshmem 8192\nslab_reclaimable 24576\n");
        var detail = fixture.Tree().Group("101").Memory!.ReadDetail();
        Assert.Equal(new MemoryDetail(new MemoryUsage(409600, null, 4096, 3, 2), null, 6, null, null, null, 24576, 8192), detail);
    }

    [Fact]
    public void What_is_protected_is_low_in_version_2_and_not_to_be_had_in_version_1()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/101/memory.low", "0\n");
        var memory = fixture.Tree().Group("101").Memory!;
        memory.Protect(65536);
        Assert.Equal("65536", fixture.Get("insula/101/memory.low"));
        Assert.Equal(new CgroupLimit(65536), memory.Protected);
        using var old = CgroupFixture.Version1();
        Assert.Null(old.Tree().Group("101").Memory!.Protected);
    }

    private static void Put(CgroupFixture fixture)
    {
        fixture.Put("insula/101/memory.current", "409600\n");
        fixture.Put("insula/101/memory.peak", "819200\n");
        fixture.Put("insula/101/memory.events", "low 0\nhigh 5\nmax 3\noom 2\noom_kill 2\n");
        fixture.Put("insula/101/memory.swap.current", "4096\n");
        fixture.Put("insula/101/memory.swap.peak", "12288\n");
        fixture.Put("insula/101/memory.swap.events", "high 0\nmax 4\nfail 6\n");
        fixture.Put("insula/101/memory.stat", "anon 1\nkernel 114688\nshmem 8192\nslab_reclaimable 24576\n");
    }
}
