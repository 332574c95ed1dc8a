using System.Globalization;

namespace Insula.Linux.Cgroups;

/// <summary>memory.stat of a group and all below it, with one meaning in both versions; all in bytes, 0 for what this kernel does not tell.</summary>
public readonly record struct MemoryStatistics
{
    /// <summary>Anonymous memory.</summary>
    public long Anonymous { get; init; }

    /// <summary>Page cache, with tmpfs and shared memory.</summary>
    public long File { get; init; }

    /// <summary>tmpfs and shared memory.</summary>
    public long Shared { get; init; }

    /// <summary>Files mapped into processes.</summary>
    public long Mapped { get; init; }

    /// <summary>Page cache that waits to be written.</summary>
    public long Dirty { get; init; }

    /// <summary>Page cache that is being written.</summary>
    public long Writeback { get; init; }

    /// <summary>Anonymous huge pages.</summary>
    public long HugeAnonymous { get; init; }

    /// <summary>Anonymous memory on the active list.</summary>
    public long ActiveAnonymous { get; init; }

    /// <summary>Anonymous memory on the inactive list.</summary>
    public long InactiveAnonymous { get; init; }

    /// <summary>Page cache on the active list.</summary>
    public long ActiveFile { get; init; }

    /// <summary>Page cache on the inactive list.</summary>
    public long InactiveFile { get; init; }

    /// <summary>Memory that cannot be reclaimed.</summary>
    public long Unevictable { get; init; }

    /// <summary>Slab that can be reclaimed (v2).</summary>
    public long ReclaimableSlab { get; init; }

    /// <summary>Other slab (v2).</summary>
    public long UnreclaimableSlab { get; init; }

    /// <summary>Kernel stacks (v2).</summary>
    public long KernelStacks { get; init; }

    /// <summary>Page tables (v2).</summary>
    public long PageTables { get; init; }

    /// <summary>Page faults, a count.</summary>
    public long Faults { get; init; }

    /// <summary>Page faults that waited for a device, a count.</summary>
    public long MajorFaults { get; init; }

    /// <summary>Understands the text: <c>anon 4096</c> in v2, <c>total_rss 4096</c> in v1, a line each.</summary>
    public static MemoryStatistics Parse(string text, bool isUnified)
    {
        var names = isUnified ? UnifiedNames : Version1Names;
        var values = new long[names.Length];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var blank = line.IndexOf(' ');
            if (blank < 0)
                continue;
            var index = IndexOf(names, line[..blank]);
            if (index >= 0 && long.TryParse(line[(blank + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                values[index] = value;
        }
        return FromValues(values);
    }

    // In the order of FromValues. v1 says nothing of the kernel's own memory.
    private static readonly string[] UnifiedNames =
    [
        "anon", "file", "shmem", "file_mapped", "file_dirty", "file_writeback", "anon_thp", "active_anon", "inactive_anon", "active_file",
        "inactive_file", "unevictable", "slab_reclaimable", "slab_unreclaimable", "kernel_stack", "pagetables",
        "pgfault", "pgmajfault",
    ];

    private static readonly string[] Version1Names =
    [
        "total_rss", "total_cache", "total_shmem", "total_mapped_file", "total_dirty", "total_writeback", "total_rss_huge", "total_active_anon",
        "total_inactive_anon", "total_active_file", "total_inactive_file", "total_unevictable", "", "", "", "",
        "total_pgfault", "total_pgmajfault",
    ];

    private static int IndexOf(string[] names, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (name.SequenceEqual(names[i]))
                return i;
        }
        return -1;
    }

    private static MemoryStatistics FromValues(long[] values) => new()
    {
        Anonymous = values[0],
        File = values[1],
        Shared = values[2],
        Mapped = values[3],
        Dirty = values[4],
        Writeback = values[5],
        HugeAnonymous = values[6],
        ActiveAnonymous = values[7],
        InactiveAnonymous = values[8],
        ActiveFile = values[9],
        InactiveFile = values[10],
        Unevictable = values[11],
        ReclaimableSlab = values[12],
        UnreclaimableSlab = values[13],
        KernelStacks = values[14],
        PageTables = values[15],
        Faults = values[16],
        MajorFaults = values[17],
    };
}
