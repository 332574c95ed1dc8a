using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Memory figures of a group.</summary>
/// <param name="Current">Bytes charged now: anonymous memory, page cache and the kernel's own.</param>
/// <param name="Peak">The most bytes ever charged; null where the kernel keeps no peak (v2 before Linux 5.19).</param>
/// <param name="SwapCurrent">Bytes in swap; null where swap is not accounted.</param>
/// <param name="FailCount">How often a charge ran into the bound.</param>
/// <param name="OomKills">Processes killed because nothing could be reclaimed any more.</param>
public readonly record struct MemoryUsage(long Current, long? Peak, long? SwapCurrent, long FailCount, long OomKills);

/// <summary>
/// Memory of a group, all in bytes, with one meaning in both versions: a bound on memory, and a bound on swap beside it
/// (not the sum of both, as v1 keeps it).
/// </summary>
public abstract class MemoryControl
{
    /// <summary>What the user can do when a bound is below what is in use.</summary>
    private protected const string BelowUseHint =
        "more than that is in use and cannot be reclaimed; stop something in there, or start it anew with this limit";

    private protected MemoryControl(string directory) => Directory = directory;

    /// <summary>The control for the group in <paramref name="hierarchy"/>.</summary>
    internal static MemoryControl For(CgroupHierarchy hierarchy, string directory)
        => hierarchy.IsUnified ? new MemoryControlV2(directory) : new MemoryControlV1(directory);

    /// <summary>The group's directory in the memory hierarchy.</summary>
    public string Directory { get; }

    /// <summary>The bound on memory.</summary>
    public abstract CgroupLimit Max { get; }

    /// <summary>The bound on swap; null when this kernel does not account swap. Unlimited also when v1 cannot express it; see <see cref="SetLimits"/>.</summary>
    public abstract CgroupLimit? SwapMax { get; }

    /// <summary>
    /// Where reclaim begins to push back: memory.high in v2, which also slows the group down; the soft limit in v1, which acts only
    /// when the host is short of memory.
    /// </summary>
    public abstract CgroupLimit High { get; set; }

    /// <summary>True if <see cref="SetLimits"/> can bound swap.</summary>
    public bool CanLimitSwap => SwapMax is not null;

    /// <summary>
    /// Sets the bound on memory and, when given, on swap; null leaves the amount of swap as it is. In v1 a bound on swap exists only
    /// under a bound on memory: with unlimited memory, swap becomes unlimited too (read <see cref="SwapMax"/> to see).
    /// </summary>
    /// <exception cref="LinuxException">
    /// EBUSY: more is in use and cannot be reclaimed, in both versions alike (nothing is killed to fit).
    /// ENOENT: a bound on swap was asked for and the kernel does not account swap. The first of two bounds may be set already.
    /// </exception>
    public abstract void SetLimits(CgroupLimit memory, CgroupLimit? swap);

    /// <summary>
    /// Bytes that are the last to be reclaimed when the host is short of memory: memory.low in v2. Null in v1, whose soft limit
    /// (<see cref="High"/>) is the same thing said from the other end.
    /// </summary>
    public abstract CgroupLimit? Protected { get; }

    /// <summary>Sets <see cref="Protected"/>; see there.</summary>
    /// <exception cref="NotSupportedException">v1.</exception>
    public abstract void Protect(long bytes);

    /// <summary>Present use.</summary>
    public abstract MemoryUsage ReadUsage();

    /// <summary>What the memory in use is.</summary>
    public MemoryStatistics ReadStatistics() => MemoryStatistics.Parse(CgroupFile.Read(PathOf("memory.stat")), this is MemoryControlV2);

    /// <summary>Present use, with what only some kernels tell.</summary>
    public abstract MemoryDetail ReadDetail();

    private protected string PathOf(string file) => $"{Directory}/{file}";

    private protected CgroupLimit ReadLimit(string file) => CgroupLimit.FromKernel(CgroupFile.Read(PathOf(file)), PathOf(file));

    private protected CgroupLimit? TryReadLimit(string file)
        => CgroupFile.TryRead(PathOf(file)) is { } text ? CgroupLimit.FromKernel(text, PathOf(file)) : null;

    private protected void WriteLimit(string file, string value)
    {
        var errno = CgroupFile.TryWrite(PathOf(file), value);
        if (errno != Errno.None)
            throw CgroupFile.WriteFailure(PathOf(file), value, errno, errno == Errno.EBUSY ? BelowUseHint : null);
    }

    private protected LinuxException NoSwapAccounting(string file)
        => new("limit swap by", PathOf(file), Errno.ENOENT, "this kernel does not account swap; boot it with swapaccount=1");
}
