using System.Text;

namespace Insula.Engine.Tests.Templates;

/// <summary>Writes archives byte by byte, also such as no honest program would write.</summary>
internal sealed class RawTar
{
    private readonly List<byte> _bytes = [];

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public RawTar File(string name, string content = "x", string mode = "0000644") => Entry('0', name, data: Bytes(content), mode: mode);

    public RawTar Directory(string name, string mode = "0000755") => Entry('5', name, mode: mode);

    public RawTar Symlink(string name, string target) => Entry('2', name, target);

    public RawTar HardLink(string name, string target) => Entry('1', name, target);

    public RawTar Pax(params (string Key, string Value)[] records)
    {
        using var data = new MemoryStream();
        foreach (var (key, value) in records)
        {
            var rest = key.Length + value.Length + 3;
            var length = rest + 1;
            while ($"{length}".Length + rest != length)
                length++;
            data.Write(Bytes($"{length} {key}={value}\n"));
        }

        return Entry('x', "PaxHeader", data: data.ToArray());
    }

    /// <summary>GNU's entry for a name that does not fit the header.</summary>
    public RawTar LongName(string name) => Entry('L', "././@LongLink", data: Bytes(name + "\0"));

    public RawTar Entry(
        char type, string name, string link = "", byte[]? data = null, string mode = "0000644", string? size = null, string owner = "0000000",
        Action<byte[]>? change = null)
    {
        data ??= [];
        var header = new byte[512];
        Put(header, 0, name, 100);
        Put(header, 100, mode, 8);
        Put(header, 108, owner, 8);
        Put(header, 116, owner, 8);
        Put(header, 124, size ?? Convert.ToString(data.Length, 8).PadLeft(11, '0'), 12);
        Put(header, 136, "14535214400", 12);
        header[156] = (byte)type;
        Put(header, 157, link, 100);
        Put(header, 257, "ustar\0" + "00", 8);
        change?.Invoke(header);
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, Convert.ToString(header.Sum(b => (int)b), 8).PadLeft(6, '0') + "\0 ", 8);
        _bytes.AddRange(header);
        _bytes.AddRange(data);
        _bytes.AddRange(new byte[(512 - (data.Length % 512)) % 512]);
        return this;
    }

    public RawTar Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The archive without the mark of its end.</summary>
    public byte[] Unfinished() => _bytes.ToArray();

    public byte[] Finished() => [.. _bytes.ToArray(), .. new byte[1024]];

    private static void Put(byte[] header, int offset, string text, int longest)
        => Bytes(text)[..Math.Min(text.Length, longest)].CopyTo(header, offset);
}
