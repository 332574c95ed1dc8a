using System.Globalization;
using System.Text;
using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates;

/// <summary>Reads what <see cref="ManifestWriter"/> wrote.</summary>
internal static class ManifestReader
{
    /// <summary>Every entry by its path, one character a byte (Latin-1); of several lines for a path the last counts.</summary>
    /// <exception cref="InsulaException">The file is damaged.</exception>
    public static Dictionary<string, ManifestEntry> Read(string path)
    {
        var entries = new Dictionary<string, ManifestEntry>();
        var number = 0;
        foreach (var line in File.ReadLines(path, Encoding.Latin1))
        {
            number++;
            var entry = TryParse(line) ?? throw new InsulaException(
                ExitCode.BadTemplate, $"{path} line {number} is damaged", "remove the layer; the next create unpacks it again");
            entries[Encoding.Latin1.GetString(entry.Path)] = entry;
        }

        return entries;
    }

    private static ManifestEntry? TryParse(string line)
    {
        var fields = line.Split(' ');
        if (fields.Length != 9 || fields[0].Length != 1 || !Enum.IsDefined((ManifestKind)fields[0][0])
            || !uint.TryParse(fields[2], NumberStyles.None, null, out var user)
            || !uint.TryParse(fields[3], NumberStyles.None, null, out var group)
            || TryParseTime(fields[4]) is not { } modified
            || !long.TryParse(fields[5], NumberStyles.None, null, out var size)
            || TryParseMode(fields[1]) is not { } mode)
            return null;
        var kind = (ManifestKind)fields[0][0];
        var detail = kind == ManifestKind.File ? TryParseHex(fields[6]) : TryUnescape(fields[6]);
        return detail is not null && TryUnescape(fields[7]) is { } path && TryParseAttributes(fields[8]) is { } attributes
            ? new ManifestEntry(kind, path, mode, user, group, modified, size, detail, attributes)
            : null;
    }

    private static int? TryParseMode(string octal)
    {
        var mode = 0;
        foreach (var digit in octal)
        {
            if (digit is < '0' or > '7' || mode > 0xFFF)
                return null;
            mode = (mode << 3) | (digit - '0');
        }

        return mode;
    }

    private static FileTime? TryParseTime(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, null, out var seconds)
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, null, out var nanoseconds)
                ? new FileTime(seconds, nanoseconds)
                : null;
    }

    private static List<TarAttribute>? TryParseAttributes(string text)
    {
        var attributes = new List<TarAttribute>();
        if (text == "-")
            return attributes;
        foreach (var one in text.Split(','))
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || TryUnescape(one[..equals]) is not { } name || TryParseHex(one[(equals + 1)..]) is not { } value)
                return null;
            attributes.Add(new TarAttribute(Encoding.UTF8.GetString(name), value));
        }

        return attributes;
    }

    private static byte[]? TryParseHex(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        return Convert.FromHexString(hex, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written * 2 == hex.Length ? bytes : null;
    }

    private static byte[]? TryUnescape(string text)
    {
        if (text == "%")
            return [];
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var value))
                return null;
            bytes.Add(value);
            i += 2;
        }

        return [.. bytes];
    }
}
