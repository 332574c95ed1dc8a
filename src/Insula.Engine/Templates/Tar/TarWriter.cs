using System.Text;

namespace Insula.Engine.Templates.Tar;

/// <summary>
/// Writes an archive in the pax format (POSIX.1-2001), with an extended header only where ustar's fields do not do: long names,
/// large numbers, fractions of seconds, extended attributes, and sparse files in GNU's version 1.0.
/// </summary>
/// <remarks>System.Formats.Tar is not used for the reasons given at <see cref="TarReader"/>.</remarks>
public sealed class TarWriter
{
    private const int BlockSize = TarHeader.BlockSize;
    private const int EndBlocks = 2;
    private const long MaxUstarSize = 0x1FFFFFFFF; // eleven octal digits
    private const long MaxUstarId = 0x1FFFFF;      // seven

    private readonly Stream _stream;
    private long _padding;

    /// <param name="stream">Where to write; not closed.</param>
    public TarWriter(Stream stream) => _stream = stream;

    /// <summary>
    /// Begins an entry. For a file, <see cref="TarEntry.StoredSize"/> bytes of data follow by <see cref="WriteData"/>: the whole file, or of a
    /// sparse file the segments one after the other.
    /// </summary>
    public void Begin(TarEntry entry)
    {
        FinishData();
        var map = entry.Segments is { } segments ? SparseMap(segments, entry.Size) : [];
        var stored = map.Length + entry.StoredSize;
        var pax = Extended(entry, stored);
        if (pax.Length > 0)
        {
            WriteHeader('x', "PaxHeader"u8, [], 0x1A4, 0, 0, 0, pax.Length);
            _stream.Write(pax);
            Pad(pax.Length);
        }

        WriteHeader(Flag(entry.Kind), entry.Path, entry.LinkTarget, entry.Mode, entry.User, entry.Group, entry.Modified.Seconds, stored);
        _stream.Write(map);
        _padding = (BlockSize - (stored % BlockSize)) % BlockSize;
    }

    /// <summary>Writes data of the current entry.</summary>
    public void WriteData(ReadOnlySpan<byte> data) => _stream.Write(data);

    /// <summary>Writes the mark of the archive's end. Nothing may follow.</summary>
    public void Finish()
    {
        FinishData();
        _stream.Write(new byte[EndBlocks * BlockSize]);
        _stream.Flush();
    }

    private void FinishData()
    {
        _stream.Write(new byte[_padding]);
        _padding = 0;
    }

    private void Pad(long length) => _stream.Write(new byte[(BlockSize - (length % BlockSize)) % BlockSize]);

    private static char Flag(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => '0',
        TarEntryKind.HardLink => '1',
        TarEntryKind.SymbolicLink => '2',
        TarEntryKind.Directory => '5',
        TarEntryKind.Fifo => '6',
        _ => throw new NotSupportedException($"entries of kind {kind} are not written"),
    };

    private static byte[] Extended(TarEntry entry, long stored)
    {
        using var records = new MemoryStream();
        if (entry.Path.Length > 100)
            Record(records, entry.Segments is null ? "path" : "GNU.sparse.name", entry.Path);
        else if (entry.Segments is not null)
            Record(records, "GNU.sparse.name", entry.Path);
        if (entry.LinkTarget.Length > 100)
            Record(records, "linkpath", entry.LinkTarget);
        if (stored > MaxUstarSize)
            Record(records, "size", stored);
        if (entry.User > MaxUstarId)
            Record(records, "uid", entry.User);
        if (entry.Group > MaxUstarId)
            Record(records, "gid", entry.Group);
        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds is < 0 or > MaxUstarSize)
            Record(records, "mtime", Encoding.ASCII.GetBytes(TimeText(entry.Modified)));
        foreach (var attribute in entry.Attributes)
            Record(records, $"SCHILY.xattr.{attribute.Name}", attribute.Value);
        if (entry.Segments is not null)
        {
            Record(records, "GNU.sparse.major", 1);
            Record(records, "GNU.sparse.minor", 0);
            Record(records, "GNU.sparse.realsize", entry.Size);
        }

        return records.ToArray();
    }

    // pax writes times as a decimal number: half a second before 1970 is "-0.500000000", kept by us as -1 s and 500,000,000 ns.
    private static string TimeText(Linux.FileTrees.FileTime time)
        => time is { Seconds: < 0, Nanoseconds: > 0 }
            ? $"-{-(time.Seconds + 1)}.{1_000_000_000 - time.Nanoseconds:D9}"
            : time.ToString();

    private static void Record(MemoryStream records, string key, long value) => Record(records, key, Encoding.ASCII.GetBytes($"{value}"));

    // The length counts its own digits: "30 mtime=1350244992.023960108\n".
    private static void Record(MemoryStream records, string key, ReadOnlySpan<byte> value)
    {
        var rest = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
        var length = rest + 1;
        while ($"{length}".Length + rest != length)
            length++;
        records.Write(Encoding.UTF8.GetBytes($"{length} {key}="));
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    // Version 1.0: count, then offset and length of each stretch, one decimal number a line, padded to a block.
    // A file that ends with a hole needs an empty stretch at its end, or GNU tar takes the last data for its end.
    private static byte[] SparseMap(IReadOnlyList<DataSegment> segments, long size)
    {
        IEnumerable<DataSegment> all = segments.Count == 0 || segments[^1].Offset + segments[^1].Length < size
            ? segments.Append(new DataSegment(size, 0))
            : segments;
        var text = new StringBuilder().Append(all.Count()).Append('\n');
        foreach (var segment in all)
            text.Append(segment.Offset).Append('\n').Append(segment.Length).Append('\n');
        var map = new byte[(text.Length + BlockSize - 1) / BlockSize * BlockSize];
        Encoding.ASCII.GetBytes(text.ToString(), map);
        return map;
    }

    private void WriteHeader(
        char flag, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, int mode, long user, long group, long modified, long size)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        name[..Math.Min(name.Length, 100)].CopyTo(block);
        Octal(block.Slice(100, 8), mode);
        Octal(block.Slice(108, 8), Math.Min(user, MaxUstarId));
        Octal(block.Slice(116, 8), Math.Min(group, MaxUstarId));
        Octal(block.Slice(124, 12), Math.Min(size, MaxUstarSize));
        Octal(block.Slice(136, 12), Math.Clamp(modified, 0, MaxUstarSize));
        block.Slice(148, 8).Fill((byte)' ');
        block[156] = (byte)flag;
        link[..Math.Min(link.Length, 100)].CopyTo(block[157..]);
        "ustar\0"u8.CopyTo(block[257..]);
        "00"u8.CopyTo(block[263..]);
        long sum = 0;
        foreach (var value in block)
            sum += value;
        Octal(block.Slice(148, 7), sum);
        _stream.Write(block);
    }

    // Octal digits with zeros in front and a NUL behind.
    private static void Octal(Span<byte> field, long value)
    {
        for (var i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        field[^1] = 0;
    }
}
