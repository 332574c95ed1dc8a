using System.Text;

namespace Insula.Engine.Templates.Tar;

/// <summary>
/// The fixed 512-byte header of an entry (POSIX.1-1988 ustar, GNU tar and the older V7 layout), field by field.
/// See "Basic Tar Format" in the GNU tar manual and pax(1) of POSIX.
/// </summary>
internal readonly ref struct TarHeader
{
    public const int BlockSize = 512;

    private readonly ReadOnlySpan<byte> _block;

    public TarHeader(ReadOnlySpan<byte> block) => _block = block;

    public char TypeFlag => (char)_block[156];

    public int Mode => (int)(Number(100, 8, "mode") & 0xFFF);

    public long User => Number(108, 8, "uid");

    public long Group => Number(116, 8, "gid");

    public long Size => NotNegative(Number(124, 12, "size"), "size");

    public long Modified => Number(136, 12, "mtime");

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    private bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    /// <summary>The name with ustar's prefix; GNU and V7 headers use that place for other things.</summary>
    public byte[] Name
    {
        get
        {
            var name = Text(0, 100);
            var prefix = IsUstar ? Text(345, 155) : default;
            return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
        }
    }

    /// <summary>True if the block is nothing but zeros: two such end an archive.</summary>
    public static bool IsZero(ReadOnlySpan<byte> block) => block.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Checks the sum of all bytes, with the checksum field itself taken as blanks; some old writers summed signed bytes.</summary>
    public bool ChecksumMatches()
    {
        long unsigned = 0, signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : _block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        var stated = ParseOctal(_block.Slice(148, 8));
        return stated >= 0 && (stated == unsigned || stated == signed);
    }

    /// <summary>A number at a place that only some kinds of header have, such as GNU's sparse map.</summary>
    public long Number(int offset, int length, string field)
    {
        var bytes = _block.Slice(offset, length);
        var value = (bytes[0] & 0x80) != 0 ? ParseBinary(bytes, field) : ParseOctal(bytes);
        return value == Unreadable ? throw new ArchiveException($"a header's {field} is not a number") : value;
    }

    public static long NotNegative(long value, string field)
        => value < 0 ? throw new ArchiveException($"a header's {field} is negative") : value;

    private const long Unreadable = long.MinValue;

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    // "0000644 \0": octal digits, blanks before, blank or NUL after; all blank or NUL counts as 0.
    private static long ParseOctal(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.Trim(" \0"u8);
        long value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
                return Unreadable;
            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    // GNU's base-256: the top bit of the first byte is set, the rest is a big-endian number in two's complement.
    private static long ParseBinary(ReadOnlySpan<byte> bytes, string field)
    {
        var negative = (bytes[0] & 0x40) != 0;
        var value = new System.Numerics.BigInteger(bytes[1..], isUnsigned: !negative, isBigEndian: true);
        if (bytes[0] is not (0x80 or 0xFF) || value < long.MinValue + 1 || value > long.MaxValue)
            throw new ArchiveException($"a header's {field} is too large");
        return (long)value;
    }

    /// <summary>For messages: the type flag as it can be shown.</summary>
    public string TypeText => Linux.FileTrees.EntryName.Display(Encoding.Latin1.GetBytes(TypeFlag.ToString()));
}
