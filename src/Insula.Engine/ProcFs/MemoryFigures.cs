namespace Insula.Engine.ProcFs;

/// <summary>Memory as a container sees it; all in bytes.</summary>
public readonly record struct MemoryFigures
{
    /// <summary>What it may use, at most what the host has.</summary>
    public required long Total { get; init; }

    /// <summary>What is charged to it: anonymous memory, page cache, the kernel's own.</summary>
    public required long Used { get; init; }

    /// <summary>Page cache, shared memory included.</summary>
    public long Cache { get; init; }

    /// <summary>Page cache on the active list.</summary>
    public long ActiveFile { get; init; }

    /// <summary>Page cache on the inactive list.</summary>
    public long InactiveFile { get; init; }

    /// <summary>Anonymous memory on the active list.</summary>
    public long ActiveAnonymous { get; init; }

    /// <summary>Anonymous memory on the inactive list.</summary>
    public long InactiveAnonymous { get; init; }

    /// <summary>Memory that cannot be reclaimed.</summary>
    public long Unevictable { get; init; }

    /// <summary>Anonymous memory.</summary>
    public long Anonymous { get; init; }

    /// <summary>Memory of anonymous huge pages.</summary>
    public long HugeAnonymous { get; init; }

    /// <summary>Files mapped into processes.</summary>
    public long Mapped { get; init; }

    /// <summary>Shared memory and tmpfs.</summary>
    public long Shared { get; init; }

    /// <summary>Page cache that waits to be written.</summary>
    public long Dirty { get; init; }

    /// <summary>Page cache that is being written.</summary>
    public long Writeback { get; init; }

    /// <summary>Kernel memory that can be reclaimed: dentries, inodes.</summary>
    public long ReclaimableSlab { get; init; }

    /// <summary>Other kernel memory.</summary>
    public long UnreclaimableSlab { get; init; }

    /// <summary>Kernel stacks.</summary>
    public long KernelStacks { get; init; }

    /// <summary>Page tables.</summary>
    public long PageTables { get; init; }

    /// <summary>Page faults, a count.</summary>
    public long Faults { get; init; }

    /// <summary>Page faults that waited for a device, a count.</summary>
    public long MajorFaults { get; init; }

    /// <summary>Processes that were killed for want of memory, a count.</summary>
    public long OomKills { get; init; }

    /// <summary>Swap it may use, at most what the host has.</summary>
    public required long SwapTotal { get; init; }

    /// <summary>Swap it uses.</summary>
    public required long SwapUsed { get; init; }

    /// <summary>Neither used nor to be had by reclaiming.</summary>
    public long Free => Math.Max(0, Total - Used);

    /// <summary>What a program could get without swapping: free, and what reclaiming would give back.</summary>
    public long Available => Math.Min(Total, Free + ActiveFile + InactiveFile + ReclaimableSlab);

    /// <summary>Swap it does not use.</summary>
    public long SwapFree => Math.Max(0, SwapTotal - SwapUsed);
}
