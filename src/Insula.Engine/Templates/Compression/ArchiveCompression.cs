namespace Insula.Engine.Templates.Compression;

/// <summary>How an archive is compressed.</summary>
public enum ArchiveCompression
{
    None,
    Gzip,
    Xz,
    Zstd,
    Bzip2,
}

/// <summary>Telling compressions apart, and their names.</summary>
public static class ArchiveCompressions
{
    /// <summary>Bytes at the start of a file that are needed to tell.</summary>
    public const int MagicLength = 6;

    /// <summary>By the first bytes of a file; its name proves nothing.</summary>
    public static ArchiveCompression Detect(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0x1F, 0x8B]))
            return ArchiveCompression.Gzip;
        if (start.StartsWith<byte>([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return ArchiveCompression.Xz;
        // A Zstandard frame, or one of the skippable frames that pzstd and others put first (0x184D2A50 to 5F).
        if (start.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) || (start.Length >= 4 && (start[0] & 0xF0) == 0x50 && start[1..4].SequenceEqual<byte>([0x2A, 0x4D, 0x18])))
            return ArchiveCompression.Zstd;
        return start.StartsWith("BZh"u8) ? ArchiveCompression.Bzip2 : ArchiveCompression.None;
    }

    /// <summary>What a template's file name ends with: <c>.tar.gz</c>.</summary>
    public static string Suffix(this ArchiveCompression compression) => compression switch
    {
        ArchiveCompression.Gzip => ".tar.gz",
        ArchiveCompression.Xz => ".tar.xz",
        ArchiveCompression.Zstd => ".tar.zst",
        ArchiveCompression.Bzip2 => ".tar.bz2",
        _ => ".tar",
    };
}
