using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// Unmanaged memory for everything a child reads: nothing here moves, and nothing is freed before the plan is disposed. It is mapped
/// shared, so that the parent sees results also of a child that has memory of its own. Handed out in chunks; a plan needs a few kilobytes.
/// </summary>
internal sealed unsafe class PlanArena : IDisposable
{
    private const int ChunkSize = 32768;
    private readonly List<(nint Start, nuint Size)> _chunks = [];
    private byte* _next;
    private nuint _left;

    /// <summary>Zeroed memory, aligned to eight bytes.</summary>
    public byte* Allocate(nuint bytes)
    {
        bytes = (bytes + 7) & ~(nuint)7;
        if (bytes > _left)
        {
            var size = Math.Max(bytes, ChunkSize);
            _next = Map(size);
            _left = size;
            _chunks.Add(((nint)_next, size));
        }
        var result = _next;
        _next += bytes;
        _left -= bytes;
        return result;
    }

    /// <summary>A NUL-terminated copy; text with a NUL inside is refused.</summary>
    public byte* Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("text for the kernel holds a NUL character", nameof(text));
        var length = Encoding.UTF8.GetByteCount(text);
        var copy = Allocate((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(copy, length));
        return copy;
    }

    /// <summary>A copy of raw bytes.</summary>
    public byte* Bytes(ReadOnlySpan<byte> bytes)
    {
        var copy = Allocate((nuint)Math.Max(bytes.Length, 1));
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }

    /// <summary>argv or envp: pointers to copies, ended by a null pointer.</summary>
    public byte* TextArray(IReadOnlyList<string> texts)
    {
        var array = (byte**)Allocate((nuint)((texts.Count + 1) * sizeof(byte*)));
        for (var i = 0; i < texts.Count; i++)
            array[i] = Text(texts[i]);
        return (byte*)array;
    }

    public void Dispose()
    {
        foreach (var (start, size) in _chunks)
            Kernel.Call(Syscall.MUnmap, start, (nint)size);
        _chunks.Clear();
        _left = 0;
    }

    private static byte* Map(nuint size)
    {
        const int protReadWrite = 3, mapSharedAnonymous = 0x21;
        return (byte*)Kernel.Check(
            Kernel.Call(Syscall.MMap, 0, (nint)size, protReadWrite, mapSharedAnonymous, -1, 0), "map memory for", "a launch plan");
    }
}
