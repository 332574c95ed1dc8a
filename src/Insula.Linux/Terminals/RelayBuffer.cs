using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>Bytes on their way in one direction.</summary>
internal sealed class RelayBuffer
{
    /// <summary>
    /// Read and written at once at most. Not above PIPE_BUF: that much goes into a pipe that poll(2) calls writable without blocking.
    /// </summary>
    public const int Chunk = 4096;

    // Room for one chunk, an escape character that was held back, and the end of input.
    private readonly byte[] _bytes = new byte[Chunk + 8];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    /// <summary>The byte put in last, 0 at first.</summary>
    public byte Last { get; private set; }

    /// <summary>Where new bytes go; the buffer must be empty.</summary>
    public Span<byte> Free => _bytes;

    /// <summary>Says how many bytes were put into <see cref="Free"/>.</summary>
    public void Filled(int count)
    {
        _start = 0;
        _end = count;
        if (count > 0)
            Last = _bytes[count - 1];
    }

    /// <summary>Puts one byte behind the others.</summary>
    public void Add(byte value)
    {
        if (IsEmpty)
            _start = _end = 0;
        _bytes[_end++] = value;
        Last = value;
    }

    /// <summary>Writes what it can, once.</summary>
    /// <returns>The error; EAGAIN when nothing could be written now.</returns>
    public unsafe Errno WriteTo(FileDescriptor target)
    {
        fixed (byte* start = &_bytes[_start])
        {
            var written = Kernel.Call(Syscall.Write, target.Number, (nint)start, Math.Min(_end - _start, Chunk));
            if (written < 0)
                return Kernel.ErrnoOf(written);
            _start += (int)written;
            return Errno.None;
        }
    }

    public void Clear() => _start = _end = 0;
}
