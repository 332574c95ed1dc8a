using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates.Tar;

/// <summary>
/// Reads an archive in one pass: V7, ustar, GNU (long names, sparse files) and pax (with sparse 0.0, 0.1, 1.0 and extended attributes).
/// </summary>
/// <remarks>
/// System.Formats.Tar is not used because it turns names and extended attributes into text: a name that is not UTF-8 and a file
/// capability with a byte above 0x7F (cap_setuid, say) come out changed; and it refuses sparse files. The memory that an
/// archive can make this reader use is bounded by the constants here, whatever sizes it declares.
/// </remarks>
public sealed class TarReader
{
    /// <summary>Longest extended header or long name, in bytes. The map of a very sparse file is the largest honest use.</summary>
    public const int MaxMetadata = 16 << 20;

    private const int BlockSize = TarHeader.BlockSize;

    private readonly Stream _stream;
    private readonly byte[] _block = new byte[BlockSize];
    private long _dataLeft;
    private long _padding;
    private bool _ended;
    private PaxRecords? _global;

    /// <param name="stream">The archive, already decompressed. Read strictly forward; not closed.</param>
    public TarReader(Stream stream) => _stream = stream;

    /// <summary>Bytes of the decompressed archive consumed so far.</summary>
    public long Position { get; private set; }

    /// <summary>The next entry, or null at the end of the archive. What is left of the last entry's data is skipped.</summary>
    /// <exception cref="ArchiveException">The archive is damaged or truncated.</exception>
    public TarEntry? Next()
    {
        SkipData();
        byte[]? longName = null, longLink = null;
        PaxRecords? pax = null;
        while (!_ended)
        {
            if (!ReadHeader())
                return longName is null && longLink is null && pax is null
                    ? null
                    : throw new ArchiveException("the archive ends after the extended header of an entry");
            var header = new TarHeader(_block);
            switch (header.TypeFlag)
            {
                case 'L':
                    longName = ReadLongName(header.Size);
                    break;
                case 'K':
                    longLink = ReadLongName(header.Size);
                    break;
                case 'x' or 'X':
                    (pax = new PaxRecords()).Take(ReadMetadata(header.Size));
                    break;
                case 'g':
                    (_global ??= new PaxRecords()).Take(ReadMetadata(header.Size));
                    break;
                case 'V' or 'A':
                    // A volume label, or an ACL of Solaris: nothing to unpack.
                    Expect(header.Size);
                    SkipData();
                    break;
                default:
                    return Entry(header, longName, longLink, pax);
            }
        }

        return null;
    }

    /// <summary>Reads data of the current entry; 0 when there is no more.</summary>
    public int ReadData(Span<byte> buffer)
    {
        if (_dataLeft == 0)
            return 0;
        var count = _stream.Read(buffer[..(int)Math.Min(buffer.Length, _dataLeft)]);
        if (count == 0)
            throw new ArchiveException("the archive is cut off in the middle of a file");
        Position += count;
        _dataLeft -= count;
        return count;
    }

    private TarEntry Entry(TarHeader header, byte[]? longName, byte[]? longLink, PaxRecords? pax)
    {
        var stored = pax?.Size ?? _global?.Size ?? header.Size;
        var name = pax?.SparseName ?? pax?.Path ?? longName ?? header.Name;
        var kind = KindOf(header, name);
        var isSparse = header.TypeFlag == 'S' || pax?.SparseMap is not null || pax?.SparseMapInData == true;
        // Links carry no data although some writers state the size of the file they link to (pax(1) allows data with hard links).
        if (kind is TarEntryKind.SymbolicLink or TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice or TarEntryKind.Fifo
            || (kind == TarEntryKind.Directory && header.TypeFlag == '5')
            || (kind == TarEntryKind.HardLink && pax?.Size is null && _global is null))
            stored = 0;
        Expect(stored);
        var (segments, size) = isSparse ? Sparse(header, pax, ref stored) : (null, stored);
        return new TarEntry
        {
            Kind = kind,
            Path = name,
            LinkTarget = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink
                ? pax?.LinkPath ?? longLink ?? header.LinkName.ToArray()
                : [],
            Mode = header.Mode,
            User = pax?.User ?? _global?.User ?? header.User,
            Group = pax?.Group ?? _global?.Group ?? header.Group,
            Modified = pax?.Modified ?? _global?.Modified ?? new FileTime(header.Modified, 0),
            Size = size,
            StoredSize = stored,
            Segments = segments,
            Attributes = pax?.Attributes ?? [],
        };
    }

    private (List<DataSegment> Segments, long Size) Sparse(TarHeader header, PaxRecords? pax, ref long stored)
    {
        if (header.TypeFlag == 'S')
        {
            var realSize = TarHeader.NotNegative(header.Number(483, 12, "real size"), "real size");
            // The extension blocks stand between the header and the data and are not counted in its size.
            var map = SparseMaps.ReadOld(_block.AsSpan().ToArray(), NextBlock);
            return (SparseMaps.Check(map, realSize, stored), realSize);
        }

        var size = pax!.SparseRealSize ?? throw new ArchiveException("a sparse file has no real size");
        if (!pax.SparseMapInData)
            return (SparseMaps.Check(pax.SparseMap!, size, stored), size);
        var segments = SparseMaps.ReadInData(stored, NextBlock, out var used);
        stored = Math.Max(0, stored - used);
        _dataLeft = stored;
        return (SparseMaps.Check(segments, size, stored), size);
    }

    private static TarEntryKind KindOf(TarHeader header, byte[] name) => header.TypeFlag switch
    {
        // V7 had no type for directories: a file whose name ends with a slash is one.
        '0' or '\0' or '7' or 'S' => name is [.., (byte)'/'] && header.TypeFlag != 'S' ? TarEntryKind.Directory : TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' or 'D' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        'M' => throw new ArchiveException("the archive continues another volume; multi-volume archives are not supported"),
        _ => throw new ArchiveException($"entry {EntryName.Display(name)} is of the unknown type '{header.TypeText}'"),
    };

    // False at the end of the archive.
    private bool ReadHeader()
    {
        if (ReadUpTo(_block) < BlockSize)
            throw new ArchiveException(Position == 0
                ? "the archive is empty or too short"
                : "the archive is cut off: it lacks the mark of its end");
        if (!TarHeader.IsZero(_block))
        {
            return new TarHeader(_block).ChecksumMatches()
                ? true
                : throw new ArchiveException(Position == BlockSize ? "this is not a tar archive" : $"the archive is damaged at byte {Position - BlockSize} (bad checksum)");
        }

        _ended = true;
        CheckTail();
        return false;
    }

    // After the end mark comes only padding with zeros, usually to 10 KiB. Anything else is no archive of ours to guess at,
    // and an endless stream of zeros is no padding.
    private void CheckTail()
    {
        const int mostPadding = 16 << 20;
        var buffer = new byte[65536];
        var end = Position + mostPadding;
        while (true)
        {
            var count = ReadUpTo(buffer);
            if (count == 0)
                return;
            if (!TarHeader.IsZero(buffer.AsSpan(0, count)) || Position > end)
                throw new ArchiveException("there is something after the end of the archive");
        }
    }

    private void Expect(long size)
    {
        _dataLeft = size;
        _padding = (BlockSize - (size % BlockSize)) % BlockSize;
    }

    private void SkipData()
    {
        if (_dataLeft + _padding == 0)
            return;
        var buffer = new byte[32768];
        while (_dataLeft > 0)
            ReadData(buffer);
        if (ReadUpTo(buffer.AsSpan(0, (int)_padding)) < _padding)
            throw new ArchiveException("the archive is cut off at the end of a file");
        _padding = 0;
    }

    private byte[] ReadMetadata(long size)
    {
        if (size > MaxMetadata)
            throw new ArchiveException($"an extended header is {size} bytes long; at most {MaxMetadata} are accepted");
        Expect(size);
        // The array grows with what is really there, so that a short archive cannot ask for much.
        using var data = new MemoryStream();
        var buffer = new byte[Math.Min(size, 65536)];
        int count;
        while ((count = ReadData(buffer)) > 0)
            data.Write(buffer, 0, count);
        SkipData();
        return data.ToArray();
    }

    private byte[] ReadLongName(long size)
    {
        var name = ReadMetadata(size);
        var end = Array.IndexOf(name, (byte)0);
        return end < 0 ? name : name[..end];
    }

    private byte[] NextBlock()
    {
        var block = new byte[BlockSize];
        if (ReadUpTo(block) < BlockSize)
            throw new ArchiveException("the archive is cut off in the map of a sparse file");
        return block;
    }

    private int ReadUpTo(Span<byte> buffer)
    {
        var count = _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Position += count;
        return count;
    }
}
