using System.Globalization;
using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.PageFrames;

/// <summary>Which page frames a process has in its page tables (/proc/PID/pagemap). The numbers are for root of the host only.</summary>
public sealed class ProcessFrames
{
    private const ulong Present = 1UL << 63;
    private const ulong FrameMask = (1UL << 55) - 1;
    private const int EntriesPerRead = 1 << 16; // 512 KiB
    private const int SmallGap = 64; // pages that are read over rather than read around

    /// <summary>
    /// Without PAGEMAP_SCAN every page of the address space must be looked at, present or not, and address space costs a process
    /// nothing: of one with more than this many pages (1 TiB) only the first ones are looked at.
    /// </summary>
    private const long MostPagesWithoutScan = 1L << 28;

    private readonly ulong[] _entries = new ulong[EntriesPerRead];

    private long _rangeStart;
    private long _rangeEnd;

    /// <summary>Reads a process.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="visit">Gets each frame, for each mapping of it.</param>
    /// <returns>False if the process has ended.</returns>
    /// <exception cref="LinuxException">The kernel refuses, or does not tell frames (EPERM).</exception>
    public bool TryRead(int pid, Action<long> visit)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/pagemap");
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly);
        if (IsGone(Kernel.ErrnoOf(opened)))
            return false;
        using var pagemap = new FileDescriptor((int)Kernel.Check(opened, "open", path));
        (_rangeStart, _rangeEnd) = (0, 0);
        var gone = false;
        void Range(long first, long count) => gone |= !Add(pagemap, path, first, count, visit);
        var errno = PagemapScan.TryScan(pagemap, Range);
        if (errno is Errno.ENOTTY or Errno.EINVAL)
            errno = ScanMaps(pid, Range);
        if (errno != Errno.None && !IsGone(errno))
            throw new LinuxException("scan", path, errno);
        return !gone && errno == Errno.None && Flush(pagemap, path, visit);
    }

    // Neighbouring ranges are read as one.
    private bool Add(FileDescriptor pagemap, string path, long first, long count, Action<long> visit)
    {
        if (_rangeEnd > _rangeStart && first - _rangeEnd <= SmallGap)
        {
            _rangeEnd = first + count;
            return true;
        }
        var read = Flush(pagemap, path, visit);
        (_rangeStart, _rangeEnd) = (first, first + count);
        return read;
    }

    private bool Flush(FileDescriptor pagemap, string path, Action<long> visit)
    {
        while (_rangeStart < _rangeEnd)
        {
            var wanted = (int)Math.Min(_rangeEnd - _rangeStart, EntriesPerRead);
            var bytes = MemoryMarshal.AsBytes(_entries.AsSpan(0, wanted));
            var got = ReadAt(pagemap, bytes, _rangeStart * sizeof(ulong));
            if (IsGone(Kernel.ErrnoOf(got)) || got == 0)
                return false;
            Kernel.Check(got, "read", path);
            var entries = (int)(got / sizeof(ulong));
            foreach (var entry in _entries.AsSpan(0, entries))
            {
                if ((entry & Present) == 0 || (entry & FrameMask) is not (> 0 and var frame))
                    continue;
                if ((long)frame != ZeroPage.Frame)
                    visit((long)frame);
            }
            _rangeStart += entries;
        }
        return true;
    }

    private static unsafe long ReadAt(FileDescriptor file, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
            return Kernel.Call(Syscall.Pread64, file.Number, (nint)start, buffer.Length, (nint)offset);
    }

    // "7f12a4000000-7f12a4021000 rw-p 00000000 00:00 0     [stack]"
    private static Errno ScanMaps(int pid, Action<long, long> visit)
    {
        var left = MostPagesWithoutScan;
        try
        {
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps")))
            {
                var text = line.AsSpan();
                var (dash, blank) = (text.IndexOf('-'), text.IndexOf(' '));
                // What the kernel maps for itself is in nobody's RSS.
                if (dash < 0 || blank < dash || line.EndsWith("[vsyscall]", StringComparison.Ordinal) || line.Contains("[vvar", StringComparison.Ordinal))
                    continue;
                var start = long.Parse(text[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / Environment.SystemPageSize;
                var end = long.Parse(text[(dash + 1)..blank], NumberStyles.HexNumber, CultureInfo.InvariantCulture) / Environment.SystemPageSize;
                var count = Math.Min(end - start, left);
                if (count <= 0)
                    break;
                visit(start, count);
                left -= count;
            }
            return Errno.None;
        }
        // Ended between being listed and being read: ENOENT when opened, ESRCH when read.
        catch (IOException)
        {
            return Errno.ESRCH;
        }
    }

    // Reading an address space that is gone, or going, gives nothing; a kernel thread has none.
    private static bool IsGone(Errno errno) => errno is Errno.ENOENT or Errno.ESRCH;
}
