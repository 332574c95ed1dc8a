using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Insula.Linux.Fuse;

/// <summary>Writes directory entries into an answer, as many as fit.</summary>
/// <param name="buffer">The room.</param>
public ref struct FuseDirectoryWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Adds an entry. False when it does not fit; the reader will ask again from the position of the one before.</summary>
    /// <param name="node">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="next">The position behind it: not 0, and of no other entry of this directory.</param>
    public bool TryAdd(scoped in FuseNode node, scoped ReadOnlySpan<byte> name, long next)
    {
        var size = (Unsafe.SizeOf<FuseDirectoryEntry>() + name.Length + 7) & ~7;
        if (size > _buffer.Length - Length)
            return false;
        var place = _buffer.Slice(Length, size);
        place.Clear();
        var entry = new FuseDirectoryEntry
        {
            Inode = node.Id,
            Offset = (ulong)next,
            NameLength = (uint)name.Length,
            Type = (node.Mode & FuseNode.TypeMask) >> 12,
        };
        MemoryMarshal.Write(place, entry);
        name.CopyTo(place[Unsafe.SizeOf<FuseDirectoryEntry>()..]);
        Length += size;
        return true;
    }
}
