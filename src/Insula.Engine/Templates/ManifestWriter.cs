using System.Buffers.Text;
using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates;

/// <summary>
/// Writes what a layer holds, one line an entry, in the order it was unpacked; a later line for the same path replaces an earlier one:
/// <code>
/// f 4755 0 0 1700000000.000000000 1234 9f86d0...  /usr/bin/su -
/// l 777 0 0 1700000000.000000000 0 usr/bin /bin -
/// </code>
/// Fields: kind (f file, d directory, l symbolic link, h hard link, p FIFO), mode in octal, owner, group, mtime, size, content digest or
/// link target or "-", path, extended attributes as name=hex joined by ',' or "-". Bytes of paths that are not plain ASCII are %XX.
/// </summary>
internal sealed class ManifestWriter(Stream output) : IDisposable
{
    private readonly BufferedStream _output = new(output, 65536);

    public void Write(in ManifestEntry entry)
    {
        var text = string.Create(null, stackalloc char[256],
            $"{(char)entry.Kind} {Convert.ToString(entry.Mode, 8)} {entry.User} {entry.Group} {entry.Modified} {entry.Size} ");
        foreach (var character in text)
            _output.WriteByte((byte)character);
        if (entry.Kind == ManifestKind.File)
            _output.Write(EntryName.Of(Convert.ToHexStringLower(entry.Detail)));
        else
            WriteEscaped(entry.Detail);
        _output.WriteByte((byte)' ');
        WriteEscaped(entry.Path);
        _output.WriteByte((byte)' ');
        WriteAttributes(entry.Attributes);
        _output.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    private void WriteAttributes(IReadOnlyList<Tar.TarAttribute> attributes)
    {
        if (attributes.Count == 0)
            _output.WriteByte((byte)'-');
        for (var i = 0; i < attributes.Count; i++)
        {
            if (i > 0)
                _output.WriteByte((byte)',');
            WriteEscaped(EntryName.Of(attributes[i].Name));
            _output.WriteByte((byte)'=');
            _output.Write(EntryName.Of(Convert.ToHexStringLower(attributes[i].Value)));
        }
    }

    private void WriteEscaped(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            _output.Write("%"u8);
        Span<byte> escape = stackalloc byte[3];
        foreach (var value in bytes)
        {
            if (value is > 0x20 and < 0x7F and not (byte)'%' and not (byte)',' and not (byte)'=')
            {
                _output.WriteByte(value);
                continue;
            }

            escape[0] = (byte)'%';
            Utf8Formatter.TryFormat(value, escape[1..], out _, new System.Buffers.StandardFormat('x', 2));
            _output.Write(escape);
        }
    }
}
