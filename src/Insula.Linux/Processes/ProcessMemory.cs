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

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
