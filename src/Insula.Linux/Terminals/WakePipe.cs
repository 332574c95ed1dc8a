using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>
/// Wakes a thread that waits in poll(2) when a signal arrives: .NET runs signal handlers on a thread of their own. A handler may
/// still run when its registration has been disposed, so it must find this object closed, not gone.
/// </summary>
internal sealed class WakePipe : IDisposable
{
    private const int F_SETFL = 4;
    private readonly FileDescriptor _reader;
    private readonly FileDescriptor _writer;
    private readonly Lock _lock = new();
    private bool _closed;

    public WakePipe()
    {
        (_reader, _writer) = Files.Pipe();
        // A full pipe wakes as well as one more byte would.
        Kernel.Check(Kernel.Call(Syscall.FCntl, _writer.Number, F_SETFL, (int)OpenFlags.NonBlocking), "set up", "a wake-up pipe");
    }

    /// <summary>Readable after <see cref="Wake"/>.</summary>
    public FileDescriptor Descriptor => _reader;

    /// <summary>May be called on any thread, at any time.</summary>
    public unsafe void Wake()
    {
        lock (_lock)
        {
            byte one = 1;
            if (!_closed)
                Kernel.Call(Syscall.Write, _writer.Number, (nint)(&one), 1);
        }
    }

    /// <summary>Forgets wake-ups that came so far.</summary>
    public void Drain()
    {
        Span<byte> bytes = stackalloc byte[256];
        Files.TryRead(_reader, bytes);
    }

    public void Dispose()
    {
        lock (_lock)
            _closed = true;
        _writer.Dispose();
        _reader.Dispose();
    }
}
