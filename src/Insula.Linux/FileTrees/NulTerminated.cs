using System.Runtime.InteropServices;

namespace Insula.Linux.FileTrees;

/// <summary>A NUL-terminated copy of bytes in unmanaged memory. Bytes with a NUL inside are refused: the kernel would cut them.</summary>
internal readonly unsafe ref struct NulTerminated
{
    public NulTerminated(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            throw new ArgumentException("a name for the kernel holds a NUL byte", nameof(bytes));
        Pointer = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(Pointer, bytes.Length));
        Pointer[bytes.Length] = 0;
    }

    public byte* Pointer { get; }

    public void Dispose() => NativeMemory.Free(Pointer);
}
