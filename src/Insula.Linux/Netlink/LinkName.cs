using System.Text;

namespace Insula.Linux.Netlink;

/// <summary>What the kernel takes as the name of a link (dev_valid_name in net/core/dev.c).</summary>
public static class LinkName
{
    /// <summary>IFNAMSIZ without the NUL.</summary>
    public const int MaxBytes = 15;

    /// <summary>1 to 15 bytes of UTF-8; not "." or ".."; no '/', ':', white space or NUL.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxBytes || Encoding.UTF8.GetByteCount(name) > MaxBytes || name is "." or "..")
            return false;
        foreach (var letter in name)
        {
            // 0xA0 is white space to the kernel's isspace(), which sees bytes; no letter of UTF-8 text is refused for that here.
            if (letter is '/' or ':' or '\0' || char.IsWhiteSpace(letter) || char.IsControl(letter))
                return false;
        }
        return true;
    }
}
