using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.PageFrames;

/// <summary>
/// PAGEMAP_SCAN of /proc/PID/pagemap (Linux 6.7, Documentation/admin-guide/mm/pagemap.rst): which parts of an address space are in
/// memory, whatever its size. The pages of zeros that the kernel shares with everybody are not among them, as they are not in RSS.
/// </summary>
internal static class PagemapScan
{
    private const uint PAGEMAP_SCAN = 0xC0606610; // _IOWR('f', 16, struct pm_scan_arg)
    private const ulong PAGE_IS_PRESENT = 1 << 3;
    private const ulong PAGE_IS_PFNZERO = 1 << 5;
    private const int Regions = 512;

    // Where user addresses end on machines with page tables of five and of four levels; an end beyond is EFAULT. The last page of an
    // x86-64 address space belongs to nobody (arch/x86/include/asm/page_64_types.h).
    private static readonly ulong[] EndsOfSpace = [(1UL << 56) - 4096, 1UL << 52, 1UL << 48, (1UL << 47) - 4096];

    private static int _end;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Argument
    {
        public ulong Size;
        public ulong Flags;
        public ulong Start;
        public ulong End;
        public ulong WalkEnd;
        public ulong Vector;
        public ulong VectorLength;
        public ulong MaxPages;
        public ulong CategoryInverted;
        public ulong CategoryMask;
        public ulong CategoryAnyOfMask;
        public ulong ReturnMask;
    }

    /// <summary>A part of the address space, in bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Region
    {
        public ulong Start;
        public ulong End;
        public ulong Categories;
    }

    /// <summary>Calls <paramref name="visit"/> with the parts that are in memory, in ascending order.</summary>
    /// <param name="pagemap">/proc/PID/pagemap, open.</param>
    /// <param name="visit">Gets the first page and the number of pages.</param>
    /// <returns>None; ENOTTY: this kernel cannot. ESRCH: the process has ended.</returns>
    public static Errno TryScan(FileDescriptor pagemap, Action<long, long> visit)
    {
        var errno = ScanTo(EndsOfSpace[_end], pagemap, visit);
        // Nothing has been visited yet: the kernel looks at the end first.
        while (errno == Errno.EFAULT && _end < EndsOfSpace.Length - 1)
            errno = ScanTo(EndsOfSpace[++_end], pagemap, visit);
        return errno;
    }

    private static unsafe Errno ScanTo(ulong end, FileDescriptor pagemap, Action<long, long> visit)
    {
        var regions = stackalloc Region[Regions];
        var argument = new Argument
        {
            Size = (ulong)sizeof(Argument),
            End = end,
            Vector = (ulong)regions,
            VectorLength = Regions,
            CategoryInverted = PAGE_IS_PFNZERO,
            CategoryMask = PAGE_IS_PRESENT | PAGE_IS_PFNZERO,
            ReturnMask = PAGE_IS_PRESENT,
        };
        while (argument.Start < argument.End)
        {
            var found = Kernel.Call(Syscall.IoCtl, pagemap.Number, unchecked((nint)PAGEMAP_SCAN), (nint)(&argument));
            if (found < 0)
                return Kernel.ErrnoOf(found);
            for (var i = 0; i < found; i++)
                visit((long)(regions[i].Start / PageSize), (long)((regions[i].End - regions[i].Start) / PageSize));
            // It went all the way unless the vector was full.
            if (argument.WalkEnd <= argument.Start || found < Regions)
                break;
            argument.Start = argument.WalkEnd;
        }
        return Errno.None;
    }

    private static ulong PageSize { get; } = (ulong)Environment.SystemPageSize;
}
