using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>The memory of another process (/proc/PID/mem): that of the process there was when it was opened, whatever comes to wear its number.</summary>
public sealed class ProcessMemory : IDisposable
{
    private readonly FileDescriptor _file;

    private ProcessMemory(FileDescriptor file) => _file = file;

    /// <summary>Opens it; null if the process is gone or not to be touched.</summary>
    /// <param name="thread">The number of one of its threads.</param>
    public static ProcessMemory? TryOpen(int thread)
    {
        var opened = Files.TryOpenAt(Files.CurrentDirectory, $"/proc/{thread}/mem", OpenFlags.ReadWrite);
        return opened < 0 ? null : new ProcessMemory(new FileDescriptor((int)opened));
    }

    /// <summary>Writes there. False if not all of it could be written: the addresses are not the process's.</summary>
    public unsafe bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Kernel.Call(Syscall.Pwrite64, _file.Number, (nint)start, bytes.Length, unchecked((nint)address)) == bytes.Length;
    }

    /// <summary>Reads from there. False if not all of it could be read: the addresses are not the process's.</summary>
    public unsafe bool TryRead(ulong address, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Kernel.Call(Syscall.Pread64, _file.Number, (nint)start, bytes.Length, unchecked((nint)address)) == bytes.Length;
    }

    /// <summary>Reads a path, which ends with a NUL and is no longer than the kernel takes (PATH_MAX). Null if there is none.</summary>
    public string? TryReadPath(ulong address)
    {
        const int longest = 4096, step = 256;
        Span<byte> path = stackalloc byte[longest];
        var length = 0;
        while (length < longest)
        {
            // Not past the end of a page: the next one may not be there.
            var part = path.Slice(length, (int)Math.Min(longest - length, step - (long)((address + (ulong)length) % step)));
            if (!TryRead(address + (ulong)length, part))
                return null;
            var end = part.IndexOf((byte)0);
            if (end >= 0)
                return System.Text.Encoding.UTF8.GetString(path[..(length + end)]);
            length += part.Length;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
