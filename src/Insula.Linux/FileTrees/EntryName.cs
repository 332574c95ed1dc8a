using System.Text;

namespace Insula.Linux.FileTrees;

/// <summary>
/// File names as the kernel keeps them: bytes without NUL, in no particular encoding. Text is made of them for messages only,
/// since a name that is not UTF-8 would not survive the way to a string and back.
/// </summary>
public static class EntryName
{
    /// <summary>NAME_MAX: the longest single name, in bytes.</summary>
    public const int MaxLength = 255;

    /// <summary>PATH_MAX less the NUL: the longest path a system call takes, in bytes.</summary>
    public const int MaxPathLength = 4095;

    /// <summary>The bytes of a name that we wrote ourselves.</summary>
    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>
    /// A name for a message: control characters, backslashes and bytes that are not ASCII text show as <c>\x1b</c>, so that a
    /// hostile name can neither move a terminal's cursor nor forge a line. Long names are cut.
    /// </summary>
    public static string Display(ReadOnlySpan<byte> name, int longest = 200)
    {
        var text = new StringBuilder(Math.Min(name.Length, longest) + 8);
        foreach (var value in name[..Math.Min(name.Length, longest)])
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append("\\x").Append(value.ToString("x2"));
        }

        return name.Length > longest ? text.Append("...").ToString() : text.ToString();
    }
}
