using System.Text;

namespace Insula.Engine.Configuration;

/// <summary>
/// One line of a configuration file, as a window on the file's own bytes so that an untouched line is written back as it was read.
/// Understood are blank lines, comments and what sh(1) understands as an assignment, leading blanks tolerated:
/// <code>
/// # comment
/// CPUUNITS="1000"     # quoted; \" \$ \` and \\ stand for the character, as in sh
/// ONBOOT=yes          # quotes may be left out where there is no blank
/// OSTEMPLATE='debian-13'
/// DESCRIPTION="the "big" one"    old tools wrote this: the value runs to the last quote
/// </code>
/// </summary>
internal readonly struct ConfigLine
{
    private enum Quoting : byte
    {
        None,
        Double,
        Single,
    }

    private readonly byte[] _source;
    private readonly int _start;
    private readonly int _length;
    private readonly int _key;
    private readonly int _keyLength;
    private readonly int _value;
    private readonly int _valueLength;
    private readonly Quoting _quoting;

    /// <summary>Reads the line of <paramref name="source"/> that starts at <paramref name="start"/>.</summary>
    /// <param name="source">The whole file.</param>
    /// <param name="start">Where the line starts.</param>
    /// <param name="length">Its length, with the newline if it has one.</param>
    public ConfigLine(byte[] source, int start, int length)
    {
        this = default;
        _source = source;
        _start = start;
        _length = length;
        var text = source.AsSpan(start, length).TrimEnd("\r\n"u8);
        var blanks = text.Length - text.TrimStart(" \t"u8).Length;
        var content = text[blanks..];
        if (content.IsEmpty || content[0] == '#')
            return;
        var key = KeyLengthOf(content);
        if (key == 0)
        {
            Problem = "is not KEY=\"value\"";
            return;
        }
        _key = start + blanks;
        _keyLength = key;
        var rest = content[(key + 1)..];
        var offset = _key + key + 1;
        (_quoting, var from, _valueLength, Problem) = rest switch
        {
            [(byte)'"', ..] => Quoted(rest, (byte)'"', Quoting.Double),
            [(byte)'\'', ..] => Quoted(rest, (byte)'\'', Quoting.Single),
            _ => Bare(rest),
        };
        _value = offset + from;
    }

    /// <summary>What is wrong with the line, as the end of a sentence, or null.</summary>
    public string? Problem { get; }

    /// <summary>True for a line that gives a key a value.</summary>
    public bool IsAssignment => _keyLength > 0 && _valueLength >= 0;

    /// <summary>The whole line as it stands in the file, newline included.</summary>
    public ReadOnlySpan<byte> Bytes => _source.AsSpan(_start, _length);

    /// <summary>The key; empty where the line has none. Also set for a line whose value cannot be read.</summary>
    public ReadOnlySpan<byte> Key => _source.AsSpan(_key, _keyLength);

    /// <summary>The value without quotes and escapes. Bytes that are no UTF-8 read as U+FFFD.</summary>
    public string Value
    {
        get
        {
            var raw = Encoding.UTF8.GetString(_source, _value, _valueLength);
            return _quoting == Quoting.Double ? ShellText.Unescape(raw) : raw;
        }
    }

    /// <summary>The length of a shell variable's name at the start of <paramref name="text"/>, if "=" follows it; else 0.</summary>
    private static int KeyLengthOf(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit((char)text[length]) || text[length] == '_'))
            length++;
        var named = length > 0 && length < text.Length && text[length] == '=' && !char.IsAsciiDigit((char)text[0]);
        return named ? length : 0;
    }

    private static (Quoting Quoting, int From, int Length, string? Problem) Quoted(ReadOnlySpan<byte> text, byte quote, Quoting quoting)
    {
        var end = ClosingQuote(text, quote, escapes: quoting == Quoting.Double);
        if (end > 0 && EndsAfter(text[(end + 1)..]))
            return (quoting, 1, end - 1, null);
        end = text.LastIndexOf(quote);
        return end > 0
            ? (quoting, 1, end - 1, "holds quotes that sh reads otherwise")
            : (quoting, 1, -1, "has no closing quote");
    }

    private static (Quoting Quoting, int From, int Length, string? Problem) Bare(ReadOnlySpan<byte> text)
    {
        var comment = text.IndexOf(" #"u8);
        var value = (comment < 0 ? text : text[..comment]).TrimEnd(" \t"u8);
        var from = value.Length - value.TrimStart(" \t"u8).Length;
        return (Quoting.None, from, value.Length - from, value.IndexOfAny(" \t"u8) < 0 ? null : "holds blanks without quotes");
    }

    private static int ClosingQuote(ReadOnlySpan<byte> text, byte quote, bool escapes)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == quote)
                return i;
            if (escapes && text[i] == '\\')
                i++;
        }
        return -1;
    }

    /// <summary>True when nothing but blanks or a comment follows the closing quote.</summary>
    private static bool EndsAfter(ReadOnlySpan<byte> rest)
    {
        var trimmed = rest.TrimStart(" \t"u8);
        return trimmed.IsEmpty || (trimmed[0] == '#' && trimmed.Length < rest.Length);
    }
}
