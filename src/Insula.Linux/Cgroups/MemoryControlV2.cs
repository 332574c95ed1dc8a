using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>The v2 memory controller (Documentation/admin-guide/cgroup-v2.rst, "Memory Interface Files").</summary>
internal sealed class MemoryControlV2(string directory) : MemoryControl(directory)
{
    private const string MaxFile = "memory.max";
    private const string SwapFile = "memory.swap.max";
    private const string HighFile = "memory.high";
    private const string LowFile = "memory.low";

    public override CgroupLimit Max => ReadLimit(MaxFile);

    public override CgroupLimit? SwapMax => TryReadLimit(SwapFile);

    public override CgroupLimit High
    {
        get => ReadLimit(HighFile);
        set => WriteLimit(HighFile, value.ToUnifiedText());
    }

    public override void SetLimits(CgroupLimit memory, CgroupLimit? swap)
    {
        if (swap is { } swapLimit)
        {
            if (SwapMax is not null)
                WriteLimit(SwapFile, swapLimit.ToUnifiedText());
            else if (!swapLimit.IsUnlimited)
                throw NoSwapAccounting(SwapFile);
        }
        RefuseBelowUse(memory);
        WriteLimit(MaxFile, memory.ToUnifiedText());
    }

    // Where v1 answers EBUSY, v2 kills processes until the rest fits. Reclaim first what can be, and refuse as v1 does.
    private void RefuseBelowUse(CgroupLimit memory)
    {
        var excess = ReadCurrent() - memory.Value;
        if (excess <= 0)
            return;
        // memory.reclaim (Linux 5.19) answers EAGAIN when it found less than was asked for; what counts is what is left.
        var reclaim = excess.ToString(CultureInfo.InvariantCulture);
        var errno = CgroupFile.TryWrite(PathOf("memory.reclaim"), reclaim);
        if (errno is not (Errno.None or Errno.EAGAIN or Errno.ENOENT))
            throw CgroupFile.WriteFailure(PathOf("memory.reclaim"), reclaim, errno, null);
        if (ReadCurrent() > memory.Value)
            throw CgroupFile.WriteFailure(PathOf(MaxFile), memory.ToUnifiedText(), Errno.EBUSY, BelowUseHint);
    }

    private long ReadCurrent() => CgroupFile.TryReadNumber(PathOf("memory.current")) ?? 0;

    public override CgroupLimit? Protected => TryReadLimit(LowFile);

    public override void Protect(long bytes) => WriteLimit(LowFile, bytes.ToString(CultureInfo.InvariantCulture));

    public override MemoryDetail ReadDetail()
    {
        var stat = CgroupFile.TryRead(PathOf("memory.stat")) ?? "";
        var swapEvents = CgroupFile.TryRead(PathOf("memory.swap.events"));
        return new MemoryDetail(
            ReadUsage(),
            CgroupFile.TryReadNumber(PathOf("memory.swap.peak")),
            swapEvents is null ? null : CgroupFile.FindKeyed(swapEvents, "fail", PathOf("memory.swap.events")),
            CgroupFile.FindKeyed(stat, "kernel", PathOf("memory.stat")),
            KernelPeak: null,
            KernelFailCount: null,
            CgroupFile.FindKeyed(stat, "slab_reclaimable", PathOf("memory.stat")),
            CgroupFile.FindKeyed(stat, "shmem", PathOf("memory.stat")));
    }

    public override MemoryUsage ReadUsage()
    {
        var eventsFile = PathOf("memory.events");
        var events = CgroupFile.TryRead(eventsFile) ?? "";
        return new MemoryUsage(
            CgroupFile.ReadNumber(PathOf("memory.current")),
            CgroupFile.TryReadNumber(PathOf("memory.peak")),
            CgroupFile.TryReadNumber(PathOf("memory.swap.current")),
            CgroupFile.FindKeyed(events, "max", eventsFile) ?? 0,
            CgroupFile.FindKeyed(events, "oom_kill", eventsFile) ?? 0);
    }
}
