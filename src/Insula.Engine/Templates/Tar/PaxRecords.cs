using System.Buffers.Text;
using System.Text;
using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates.Tar;

/// <summary>
/// The extended header records of the pax format (POSIX.1-2001), read into what we use of them. A record is
/// <c>"30 mtime=1350244992.023960108\n"</c>: its own length in bytes, a blank, key, '=', value, newline. Values are bytes;
/// a file capability for instance is binary.
/// </summary>
internal sealed class PaxRecords
{
    private const string AttributePrefix = "SCHILY.xattr.";
    private const int MaxAttributes = 256;

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    public long? Size { get; private set; }

    public long? User { get; private set; }

    public long? Group { get; private set; }

    public FileTime? Modified { get; private set; }

    public List<TarAttribute> Attributes { get; } = [];

    // GNU sparse files in the three versions of their pax encoding: 0.0 and 0.1 list the map here, 1.0 in front of the data.
    public byte[]? SparseName { get; private set; }

    public long? SparseRealSize { get; private set; }

    public bool SparseMapInData { get; private set; }

    public List<DataSegment>? SparseMap { get; private set; }

    private long? _pendingOffset;

    /// <summary>Takes the records of one extended header; a later one of the same key wins.</summary>
    public void Take(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (!Utf8Parser.TryParse(data, out int length, out var digits) || length <= digits + 2 || length > data.Length
                || data[digits] != ' ' || data[length - 1] != '\n')
                throw new ArchiveException("an extended (pax) header is damaged");
            var record = data[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw new ArchiveException("an extended (pax) header holds a record without a key");
            TakeOne(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            data = data[length..];
        }
    }

    private void TakeOne(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "path":
                Path = value.ToArray();
                break;
            case "linkpath":
                LinkPath = value.ToArray();
                break;
            case "size":
                Size = Number(key, value);
                break;
            case "uid":
                User = Number(key, value);
                break;
            case "gid":
                Group = Number(key, value);
                break;
            case "mtime":
                Modified = Time(value);
                break;
            default:
                if (key.StartsWith(AttributePrefix, StringComparison.Ordinal))
                    TakeAttribute(key[AttributePrefix.Length..], value);
                else if (key.StartsWith("GNU.sparse.", StringComparison.Ordinal))
                    TakeSparse(key, value);
                break;
        }
    }

    private void TakeAttribute(string name, ReadOnlySpan<byte> value)
    {
        if (Attributes.Count >= MaxAttributes)
            throw new ArchiveException($"an entry has more than {MaxAttributes} extended attributes");
        if (value.Length > ExtendedAttributes.MaxValueLength)
            throw new ArchiveException($"an extended attribute is longer than {ExtendedAttributes.MaxValueLength} bytes");
        Attributes.RemoveAll(attribute => attribute.Name == name);
        Attributes.Add(new TarAttribute(name, value.ToArray()));
    }

    private void TakeSparse(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "GNU.sparse.name":
                SparseName = value.ToArray();
                break;
            case "GNU.sparse.size" or "GNU.sparse.realsize":
                SparseRealSize = Number(key, value);
                break;
            case "GNU.sparse.major":
                SparseMapInData = Number(key, value) == 1
                    || (Number(key, value) > 1 ? throw new ArchiveException("a sparse file is stored in an unknown format") : false);
                break;
            case "GNU.sparse.offset":
                _pendingOffset = Number(key, value);
                break;
            case "GNU.sparse.numbytes":
                (SparseMap ??= []).Add(new DataSegment(
                    _pendingOffset ?? throw new ArchiveException("the map of a sparse file is damaged"), Number(key, value)));
                _pendingOffset = null;
                break;
            case "GNU.sparse.map":
                SparseMap = ParseMap(key, value);
                break;
        }
    }

    // "0,4096,1998848,4096": offset and length by turns
    private static List<DataSegment> ParseMap(string key, ReadOnlySpan<byte> text)
    {
        var map = new List<DataSegment>();
        long? offset = null;
        foreach (var range in text.Split((byte)','))
        {
            var number = Number(key, text[range]);
            if (offset is null)
            {
                offset = number;
                continue;
            }

            map.Add(new DataSegment(offset.Value, number));
            offset = null;
        }

        return offset is null ? map : throw new ArchiveException("the map of a sparse file is damaged");
    }

    /// <summary>A number that is not negative, in decimal.</summary>
    public static long Number(string key, ReadOnlySpan<byte> text)
        => !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9' && Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length
            ? value
            : throw new ArchiveException($"the value of {EntryName.Display(EntryName.Of(key), 40)} in an extended (pax) header is not a number");

    // "1350244992.023960108" or "-1.5", which is one and a half seconds before 1970.
    private static FileTime Time(ReadOnlySpan<byte> text)
    {
        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        if (!Utf8Parser.TryParse(whole, out long seconds, out var used) || used != whole.Length)
            throw new ArchiveException("the mtime in an extended (pax) header is not a time");
        var nanoseconds = dot < 0 ? 0 : Nanoseconds(text[(dot + 1)..]);
        return text[0] == '-' && nanoseconds > 0 && seconds > long.MinValue
            ? new FileTime(seconds - 1, 1_000_000_000 - nanoseconds)
            : new FileTime(seconds, nanoseconds);
    }

    private static int Nanoseconds(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        for (var i = 0; i < 9; i++)
        {
            var digit = i < digits.Length ? digits[i] - '0' : 0;
            if (digit is < 0 or > 9)
                throw new ArchiveException("the mtime in an extended (pax) header is not a time");
            value = (value * 10) + digit;
        }

        return value;
    }
}
