using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>Builds one answer in a buffer that is used again and again.</summary>
/// <param name="buffer">At least <see cref="HeaderSize"/> bytes.</param>
public ref struct FuseReply(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>struct fuse_out_header.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes of the whole answer.</summary>
    public int Length { get; private set; } = HeaderSize;

    /// <summary>True if the kernel draws conclusions about the file's size from this answer, and is to be told to ask again.</summary>
    public bool MovesSize { get; set; }

    /// <summary>Where the body goes.</summary>
    public readonly Span<byte> Body => _buffer[HeaderSize..];

    /// <summary>The answer, header and body.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _buffer[..Length];

    /// <summary>A structure as body.</summary>
    internal void Set<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Body, value);
        SetLength(Unsafe.SizeOf<T>());
    }

    /// <summary>So many bytes of <see cref="Body"/> have been written.</summary>
    public void SetLength(int body) => Length = HeaderSize + body;

    /// <summary>Writes the header. An error has no body.</summary>
    public void Finish(ulong unique, Errno error)
    {
        if (error != Errno.None)
            Length = HeaderSize;
        MemoryMarshal.Write(_buffer, new FuseOutHeader { Length = (uint)Length, Error = -(int)error, Unique = unique });
    }

    /// <summary>Writes the header of what nobody has asked for: a notice to the kernel (enum fuse_notify_code).</summary>
    internal readonly void FinishNotice(int code) => MemoryMarshal.Write(_buffer, new FuseOutHeader { Length = (uint)Length, Error = code });
}
