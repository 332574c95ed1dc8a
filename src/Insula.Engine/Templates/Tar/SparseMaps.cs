namespace Insula.Engine.Templates.Tar;

/// <summary>Reading and checking the maps of sparse files ("Storing Sparse Files" in the GNU tar manual).</summary>
internal static class SparseMaps
{
    /// <summary>More stretches than this are refused: each costs memory before any data is read.</summary>
    public const int MaxSegments = 1_000_000;

    private const int OldEntrySize = 24;

    /// <summary>The map of GNU's own sparse entry (type S): four stretches in the header, further ones in blocks of 21 after it.</summary>
    /// <param name="header">The entry's header.</param>
    /// <param name="nextBlock">Reads the next 512 bytes of the archive.</param>
    public static List<DataSegment> ReadOld(ReadOnlySpan<byte> header, Func<byte[]> nextBlock)
    {
        var map = new List<DataSegment>();
        AddOld(map, header.Slice(386, 4 * OldEntrySize));
        var more = header[482] != 0;
        while (more)
        {
            var block = nextBlock();
            AddOld(map, block.AsSpan(0, 21 * OldEntrySize));
            more = block[504] != 0;
            if (map.Count > MaxSegments)
                throw new ArchiveException("the map of a sparse file is too long");
        }

        return map;
    }

    private static void AddOld(List<DataSegment> map, ReadOnlySpan<byte> entries)
    {
        Span<byte> padded = stackalloc byte[TarHeader.BlockSize];
        entries.CopyTo(padded);
        var fields = new TarHeader(padded);
        for (var at = 0; at < entries.Length && entries[at] != 0; at += OldEntrySize)
            map.Add(new DataSegment(fields.Number(at, 12, "sparse offset"), fields.Number(at + 12, 12, "sparse length")));
    }

    /// <summary>
    /// The map of pax version 1.0, which stands before the data: decimal numbers, one a line, the count of stretches first,
    /// padded with NUL to a full block.
    /// </summary>
    /// <param name="stored">Bytes stored for the entry: the map and the data.</param>
    /// <param name="nextBlock">Reads the next 512 bytes of the archive.</param>
    /// <param name="used">Bytes taken by the map.</param>
    public static List<DataSegment> ReadInData(long stored, Func<byte[]> nextBlock, out long used)
    {
        var taken = 0L;
        var block = Array.Empty<byte>();
        var position = 0;

        long Next()
        {
            long value = 0;
            while (true)
            {
                if (position == block.Length)
                {
                    if (taken + TarHeader.BlockSize > stored + (TarHeader.BlockSize - 1))
                        throw new ArchiveException("the map of a sparse file is damaged");
                    (block, position, taken) = (nextBlock(), 0, taken + TarHeader.BlockSize);
                }

                var digit = block[position++];
                if (digit == '\n')
                    return value;
                if (digit is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - 9) / 10)
                    throw new ArchiveException("the map of a sparse file is damaged");
                value = (value * 10) + (digit - '0');
            }
        }

        var count = Next();
        if (count > MaxSegments)
            throw new ArchiveException("the map of a sparse file is too long");
        var map = new List<DataSegment>((int)count);
        for (var i = 0; i < count; i++)
            map.Add(new DataSegment(Next(), Next()));
        used = taken;
        return map;
    }

    /// <summary>Stretches must lie in order within the file and hold exactly the stored bytes. Empty ones are dropped.</summary>
    public static List<DataSegment> Check(List<DataSegment> map, long realSize, long stored)
    {
        long end = 0, total = 0;
        foreach (var segment in map)
        {
            if (segment.Length < 0 || segment.Offset < end || segment.Offset > realSize || segment.Length > realSize - segment.Offset)
                throw new ArchiveException("the map of a sparse file is not in order or exceeds the file");
            end = segment.Offset + segment.Length;
            total += segment.Length;
        }

        if (total != stored)
            throw new ArchiveException("the map of a sparse file does not match the stored data");
        map.RemoveAll(static segment => segment.Length == 0);
        return map;
    }
}
