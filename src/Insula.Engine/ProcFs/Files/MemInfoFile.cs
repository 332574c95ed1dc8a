namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/meminfo (proc_meminfo(5)), as much of it as a container has.</summary>
public sealed class MemInfoFile() : VirtualFile("proc/meminfo")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var memory = view.Memory;
        AddTotals(output, memory);
        AddLists(output, memory);
        AddUse(output, memory);
        AddKernel(output, memory);
    }

    private static void AddTotals(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "MemTotal:       "u8, memory.Total);
        Line(output, "MemFree:        "u8, memory.Free);
        Line(output, "MemAvailable:   "u8, memory.Available);
        Line(output, "Buffers:        "u8, 0);
        Line(output, "Cached:         "u8, memory.Cache);
        Line(output, "SwapCached:     "u8, 0);
    }

    private static void AddLists(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "Active:         "u8, memory.ActiveAnonymous + memory.ActiveFile);
        Line(output, "Inactive:       "u8, memory.InactiveAnonymous + memory.InactiveFile);
        Line(output, "Active(anon):   "u8, memory.ActiveAnonymous);
        Line(output, "Inactive(anon): "u8, memory.InactiveAnonymous);
        Line(output, "Active(file):   "u8, memory.ActiveFile);
        Line(output, "Inactive(file): "u8, memory.InactiveFile);
        Line(output, "Unevictable:    "u8, memory.Unevictable);
        Line(output, "Mlocked:        "u8, 0);
        Line(output, "SwapTotal:      "u8, memory.SwapTotal);
        Line(output, "SwapFree:       "u8, memory.SwapFree);
    }

    private static void AddUse(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "Dirty:          "u8, memory.Dirty);
        Line(output, "Writeback:      "u8, memory.Writeback);
        Line(output, "AnonPages:      "u8, memory.Anonymous);
        Line(output, "Mapped:         "u8, memory.Mapped);
        Line(output, "Shmem:          "u8, memory.Shared);
    }

    private static void AddKernel(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "KReclaimable:   "u8, memory.ReclaimableSlab);
        Line(output, "Slab:           "u8, memory.ReclaimableSlab + memory.UnreclaimableSlab);
        Line(output, "SReclaimable:   "u8, memory.ReclaimableSlab);
        Line(output, "SUnreclaim:     "u8, memory.UnreclaimableSlab);
        Line(output, "KernelStack:    "u8, memory.KernelStacks);
        Line(output, "PageTables:     "u8, memory.PageTables);
        Line(output, "CommitLimit:    "u8, memory.Total + memory.SwapTotal);
        Line(output, "Committed_AS:   "u8, memory.Anonymous + memory.Shared);
        Line(output, "AnonHugePages:  "u8, memory.HugeAnonymous);
    }

    private static void Line(TextBuffer output, ReadOnlySpan<byte> label, long bytes) => output.Add(label).Add(bytes / 1024, 8).Add(" kB\n"u8);
}
