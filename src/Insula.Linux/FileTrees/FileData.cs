using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>Reading and writing at an offset of an open file.</summary>
public static unsafe class FileData
{
    /// <summary>pread64(2) until <paramref name="buffer"/> is full or the file ends.</summary>
    /// <returns>Bytes read.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static int ReadAt(FileDescriptor file, Span<byte> buffer, long offset, string display)
    {
        var filled = 0;
        fixed (byte* start = buffer)
        {
            while (filled < buffer.Length)
            {
                var count = Kernel.Check(
                    Kernel.Call(Syscall.Pread64, file.Number, (nint)start + filled, buffer.Length - filled, (nint)(offset + filled)), "read", display);
                if (count == 0)
                    break;
                filled += (int)count;
            }
        }

        return filled;
    }

    /// <summary>pwrite64(2) of all of <paramref name="bytes"/>. Gives back the kernel's error, or <see cref="Errno.None"/>.</summary>
    public static Errno TryWriteAt(FileDescriptor file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            var done = 0;
            while (done < bytes.Length)
            {
                var count = Kernel.Call(Syscall.Pwrite64, file.Number, (nint)start + done, bytes.Length - done, (nint)(offset + done));
                if (count < 0)
                    return Kernel.ErrnoOf(count);
                done += (int)count;
            }
        }

        return Errno.None;
    }

    /// <summary>ftruncate(2): what is added by a larger size is a hole. Gives back the kernel's own result.</summary>
    public static long TrySetSize(FileDescriptor file, long size) => Kernel.Call(Syscall.Ftruncate, file.Number, (nint)size);

    /// <summary>syncfs(2): everything written to the file system that <paramref name="file"/> is on reaches the disk.</summary>
    public static void SyncFileSystem(FileDescriptor file, string display)
        => Kernel.Check(Kernel.Call(Syscall.Syncfs, file.Number), "write to disk the file system of", display);

    /// <summary>fsync(2) of a file or directory.</summary>
    public static void Sync(FileDescriptor file, string display)
        => Kernel.Check(Kernel.Call(Syscall.FSync, file.Number), "write to disk", display);
}
