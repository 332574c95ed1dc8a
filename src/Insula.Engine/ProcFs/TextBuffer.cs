using System.Globalization;
using System.Text;

namespace Insula.Engine.ProcFs;

/// <summary>Bytes of a file that is being written, in UTF-8. Grows; used again after <see cref="Clear"/>.</summary>
public sealed class TextBuffer
{
    private byte[] _bytes = new byte[4096];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets everything.</summary>
    public void Clear() => Length = 0;

    /// <summary>Appends bytes as they are.</summary>
    public TextBuffer Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
        return this;
    }

    /// <summary>Appends text.</summary>
    public TextBuffer Add(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    /// <summary>Appends a number, right-aligned in <paramref name="width"/> columns if it is shorter.</summary>
    public TextBuffer Add(long number, int width = 0)
    {
        const int longest = 20;
        Span<byte> digits = stackalloc byte[longest];
        number.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        var room = Room(Math.Max(width, count));
        var blanks = Math.Max(0, width - count);
        room[..blanks].Fill((byte)' ');
        digits[..count].CopyTo(room[blanks..]);
        Length += blanks + count;
        return this;
    }

    /// <summary>Appends a number of hundredths as <c>12.05</c>.</summary>
    public TextBuffer AddHundredths(long hundredths)
    {
        Add(hundredths / 100).Add("."u8);
        if (hundredths % 100 < 10)
            Add("0"u8);
        return Add(hundredths % 100);
    }

    private Span<byte> Room(int count)
    {
        if (count > _bytes.Length - Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        return _bytes.AsSpan(Length);
    }
}
