using System.Runtime.InteropServices;
using System.Text;

namespace Insula.Linux.Syscalls;

/// <summary>A NUL-terminated UTF-8 copy of a string in unmanaged memory. A string with a NUL inside is refused: the kernel would cut it.</summary>
internal readonly unsafe ref struct Utf8Text
{
    public Utf8Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("text for the kernel holds a NUL character", nameof(text));
        var length = Encoding.UTF8.GetByteCount(text);
        Pointer = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(Pointer, length));
        Pointer[length] = 0;
    }

    public byte* Pointer { get; }

    public void Dispose() => NativeMemory.Free(Pointer);
}
