namespace Insula.Linux.Cgroups;

/// <summary>All that a memory controller tells of a group, in bytes and events; null where this kernel does not tell.</summary>
/// <param name="Usage">The figures that every kernel has.</param>
/// <param name="SwapPeak">The most bytes ever in swap (memory.swap.peak, Linux 6.5).</param>
/// <param name="SwapFailCount">How often swapping out was refused (memory.swap.events).</param>
/// <param name="Kernel">Bytes the kernel holds for the group: stacks, page tables, slab, sockets (v2: Linux 5.18).</param>
/// <param name="KernelPeak">The most of it; v1 only.</param>
/// <param name="KernelFailCount">How often a bound on it refused; v1 only.</param>
/// <param name="ReclaimableSlab">Bytes of dentries, inodes and the like; v2 only.</param>
/// <param name="Shared">Bytes of System V segments, tmpfs and shared anonymous memory.</param>
public readonly record struct MemoryDetail(
    MemoryUsage Usage,
    long? SwapPeak,
    long? SwapFailCount,
    long? Kernel,
    long? KernelPeak,
    long? KernelFailCount,
    long? ReclaimableSlab,
    long? Shared);
