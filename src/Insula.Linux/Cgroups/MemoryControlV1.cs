namespace Insula.Linux.Cgroups;

/// <summary>The v1 memory controller (Documentation/admin-guide/cgroup-v1/memory.rst). Its second bound is on memory and swap together.</summary>
internal sealed class MemoryControlV1(string directory) : MemoryControl(directory)
{
    private const string MaxFile = "memory.limit_in_bytes";
    private const string SumFile = "memory.memsw.limit_in_bytes";
    private const string SoftFile = "memory.soft_limit_in_bytes";
    private const string StatFile = "memory.stat";

    public override CgroupLimit Max => ReadLimit(MaxFile);

    public override CgroupLimit? SwapMax => TryReadLimit(SumFile) is { } sum ? sum.Minus(Max) : null;

    public override CgroupLimit High
    {
        get => ReadLimit(SoftFile);
        set => WriteLimit(SoftFile, value.ToVersion1Text());
    }

    public override void SetLimits(CgroupLimit memory, CgroupLimit? swap)
    {
        if (TryReadLimit(SumFile) is not { } oldSum)
        {
            if (swap is { IsUnlimited: false })
                throw NoSwapAccounting(SumFile);
            WriteLimit(MaxFile, memory.ToVersion1Text());
            return;
        }
        foreach (var (file, value) in Order(oldSum, memory, memory.Plus(swap ?? oldSum.Minus(Max))))
            WriteLimit(file, value.ToVersion1Text());
    }

    /// <summary>
    /// The two writes in the order that keeps "memory is at most the sum" true between them, which the kernel insists on (EINVAL):
    /// a growing sum goes first, a shrinking one last.
    /// </summary>
    internal static (string File, CgroupLimit Value)[] Order(CgroupLimit oldSum, CgroupLimit memory, CgroupLimit sum)
        => sum >= oldSum ? [(SumFile, sum), (MaxFile, memory)] : [(MaxFile, memory), (SumFile, sum)];

    public override CgroupLimit? Protected => null;

    public override void Protect(long bytes) => throw new NotSupportedException("cgroup v1 has no memory.low");

    public override MemoryUsage ReadUsage() => ReadUsage(CgroupFile.Read(PathOf(StatFile)));

    public override MemoryDetail ReadDetail()
    {
        var stat = CgroupFile.Read(PathOf(StatFile));
        return new MemoryDetail(
            ReadUsage(stat),
            SwapPeak: null,
            SwapFailCount: null,
            CgroupFile.TryReadNumber(PathOf("memory.kmem.usage_in_bytes")),
            CgroupFile.TryReadNumber(PathOf("memory.kmem.max_usage_in_bytes")),
            CgroupFile.TryReadNumber(PathOf("memory.kmem.failcnt")),
            ReclaimableSlab: null,
            CgroupFile.FindKeyed(stat, "total_shmem", PathOf(StatFile)));
    }

    private MemoryUsage ReadUsage(string stat)
    {
        var current = CgroupFile.ReadNumber(PathOf("memory.usage_in_bytes"));
        // memory.stat: "total_swap 4096", of the group and those below. It is there only when swap is accounted.
        return new MemoryUsage(
            current,
            CgroupFile.ReadNumber(PathOf("memory.max_usage_in_bytes")),
            CgroupFile.FindKeyed(stat, "total_swap", PathOf(StatFile)),
            FailCount(),
            CgroupFile.TryReadKeyed(PathOf("memory.oom_control"), "oom_kill") ?? 0);
    }

    // A charge meets the bound on the sum first. Linux 6.18 was seen not to count that one.
    private long FailCount()
        => CgroupFile.ReadNumber(PathOf("memory.failcnt")) + (CgroupFile.TryReadNumber(PathOf("memory.memsw.failcnt")) ?? 0);
}
