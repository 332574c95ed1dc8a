namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/vmstat (proc_vmstat(5)), as much of it as a container has: what vmstat(8), sar(1) and their like read.</summary>
public sealed class VmStatisticsFile() : VirtualFile("proc/vmstat")
{
    private const int PageSize = 4096;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var memory = view.Memory;
        AddLists(output, memory);
        AddUse(output, memory);
        // In KiB, as the kernel counts what goes to and comes from block devices.
        var disks = view.Disks;
        Line(output, "pgpgin"u8, disks.Sum(use => use.ReadBytes) / 1024);
        Line(output, "pgpgout"u8, disks.Sum(use => use.WrittenBytes) / 1024);
        Line(output, "pswpin"u8, 0);
        Line(output, "pswpout"u8, 0);
        Line(output, "pgfault"u8, memory.Faults);
        Line(output, "pgmajfault"u8, memory.MajorFaults);
        Line(output, "oom_kill"u8, memory.OomKills);
    }

    private static void AddLists(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "nr_free_pages"u8, memory.Free / PageSize);
        Line(output, "nr_inactive_anon"u8, memory.InactiveAnonymous / PageSize);
        Line(output, "nr_active_anon"u8, memory.ActiveAnonymous / PageSize);
        Line(output, "nr_inactive_file"u8, memory.InactiveFile / PageSize);
        Line(output, "nr_active_file"u8, memory.ActiveFile / PageSize);
        Line(output, "nr_unevictable"u8, memory.Unevictable / PageSize);
    }

    private static void AddUse(TextBuffer output, in MemoryFigures memory)
    {
        Line(output, "nr_slab_reclaimable"u8, memory.ReclaimableSlab / PageSize);
        Line(output, "nr_slab_unreclaimable"u8, memory.UnreclaimableSlab / PageSize);
        Line(output, "nr_anon_pages"u8, memory.Anonymous / PageSize);
        Line(output, "nr_mapped"u8, memory.Mapped / PageSize);
        Line(output, "nr_file_pages"u8, memory.Cache / PageSize);
        Line(output, "nr_dirty"u8, memory.Dirty / PageSize);
        Line(output, "nr_writeback"u8, memory.Writeback / PageSize);
        Line(output, "nr_shmem"u8, memory.Shared / PageSize);
        Line(output, "nr_kernel_stack"u8, memory.KernelStacks / 1024);
        Line(output, "nr_page_table_pages"u8, memory.PageTables / PageSize);
    }

    private static void Line(TextBuffer output, ReadOnlySpan<byte> name, long value) => output.Add(name).Add(" "u8).Add(value).Add("\n"u8);
}
