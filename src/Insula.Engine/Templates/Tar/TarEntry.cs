using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates.Tar;

/// <summary>What an entry of an archive is.</summary>
public enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}

/// <summary>A stretch of a sparse file that is stored in the archive; everything else is a hole.</summary>
/// <param name="Offset">Where it starts in the file, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct DataSegment(long Offset, long Length);

/// <summary>An extended attribute; the value is bytes of any content.</summary>
public readonly record struct TarAttribute(string Name, byte[] Value);

/// <summary>One entry of an archive, as its headers describe it. Names are bytes, and nothing about them has been checked.</summary>
public sealed class TarEntry
{
    /// <summary>What it is.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>Its path as written in the archive.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Where a symbolic or hard link leads, as written in the archive; else empty.</summary>
    public byte[] LinkTarget { get; init; } = [];

    /// <summary>Permission bits with setuid, setgid and sticky (12 bits).</summary>
    public int Mode { get; init; }

    /// <summary>Numeric owner.</summary>
    public long User { get; init; }

    /// <summary>Numeric group.</summary>
    public long Group { get; init; }

    /// <summary>Modification time.</summary>
    public FileTime Modified { get; init; }

    /// <summary>The file's size in bytes once unpacked, holes included.</summary>
    public long Size { get; init; }

    /// <summary>Bytes stored in the archive for it.</summary>
    public long StoredSize { get; init; }

    /// <summary>Where the stored bytes belong, in ascending order; null if they are the whole file.</summary>
    public IReadOnlyList<DataSegment>? Segments { get; init; }

    /// <summary>Extended attributes.</summary>
    public IReadOnlyList<TarAttribute> Attributes { get; init; } = [];
}
