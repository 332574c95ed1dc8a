using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates.Extraction;

/// <summary>
/// An entry's path made safe: relative, without empty, "." and ".." parts, each part at most 255 bytes. The root itself is the
/// empty path. Whether a part is a symbolic link is not its concern: see <see cref="ParentChain"/>.
/// </summary>
internal readonly struct EntryPath
{
    private readonly int _nameStart;

    private EntryPath(byte[] bytes)
    {
        Bytes = bytes;
        _nameStart = bytes.AsSpan().LastIndexOf((byte)'/') + 1;
    }

    /// <summary>The parts with one '/' between them.</summary>
    public byte[] Bytes { get; }

    /// <summary>True for the directory that is unpacked to.</summary>
    public bool IsRoot => Bytes.Length == 0;

    /// <summary>The last part.</summary>
    public ReadOnlySpan<byte> Name => Bytes.AsSpan(_nameStart);

    /// <summary>All before the last part; empty for the root.</summary>
    public ReadOnlySpan<byte> Parent => Bytes.AsSpan(0, Math.Max(0, _nameStart - 1));

    /// <summary>
    /// Cleans a path of an archive. "./" in front is usual, and "/" in front is dropped as tar does: both mean the root of what
    /// is unpacked.
    /// </summary>
    /// <exception cref="ArchiveException">It leads upwards, holds a NUL, or is too long or too deep.</exception>
    public static EntryPath Parse(ReadOnlySpan<byte> raw, int maxDepth)
    {
        if (raw.IsEmpty)
            throw new ArchiveException("an entry has no name");
        if (raw.Contains((byte)0))
            throw Refused(raw, "holds a NUL byte");
        var clean = new byte[raw.Length];
        int length = 0, depth = 0;
        foreach (var range in raw.Split((byte)'/'))
        {
            var part = raw[range];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
                throw Refused(raw, "leads upwards by '..'");
            if (part.Length > EntryName.MaxLength)
                throw Refused(raw, $"has a part of more than {EntryName.MaxLength} bytes");
            if (++depth > maxDepth + 1)
                throw Refused(raw, $"is nested more than {maxDepth} directories deep");
            if (length > 0)
                clean[length++] = (byte)'/';
            part.CopyTo(clean.AsSpan(length));
            length += part.Length;
        }

        return length > EntryName.MaxPathLength
            ? throw Refused(raw, $"is longer than {EntryName.MaxPathLength} bytes")
            : new EntryPath(clean[..length]);
    }

    private static ArchiveException Refused(ReadOnlySpan<byte> raw, string why)
        => new($"the path of entry \"{EntryName.Display(raw)}\" {why}");

    /// <inheritdoc/>
    public override string ToString() => EntryName.Display(Bytes);
}
