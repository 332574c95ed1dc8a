using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.PageFrames;

/// <summary>How often page frames are mapped on this host (/proc/kpagecount, a number of eight bytes for each). For root of the host.</summary>
public sealed class MappingCounts : IDisposable
{
    private const string Path = "/proc/kpagecount";

    private readonly FileDescriptor _file;

    private MappingCounts(FileDescriptor file) => _file = file;

    /// <summary>Opens it; null if the kernel has no such file (CONFIG_PROC_PAGE_MONITOR) or does not let us.</summary>
    public static MappingCounts? TryOpen()
    {
        var opened = Files.TryOpenAt(Files.CurrentDirectory, Path, OpenFlags.ReadOnly);
        return opened < 0 ? null : new MappingCounts(new FileDescriptor((int)opened));
    }

    /// <summary>Reads the counts of the frames from <paramref name="first"/> on; frames that do not exist count 0.</summary>
    public unsafe void Read(long first, Span<ulong> counts)
    {
        var bytes = MemoryMarshal.AsBytes(counts);
        var done = 0;
        while (done < bytes.Length)
        {
            fixed (byte* start = bytes)
            {
                var got = Kernel.Call(Syscall.Pread64, _file.Number, (nint)start + done, bytes.Length - done, (nint)(first * sizeof(ulong) + done));
                // Behind the last frame: EINVAL, or nothing.
                if (got <= 0)
                    break;
                done += (int)got;
            }
        }
        bytes[done..].Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
