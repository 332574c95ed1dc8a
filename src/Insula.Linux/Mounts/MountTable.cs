using System.Text;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Mounts;

/// <summary>One mount of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">Unique while the mount exists.</param>
/// <param name="ParentId">The mount it is on.</param>
/// <param name="Root">The path inside its file system that is its root.</param>
/// <param name="MountPoint">Where it is, seen from the process's root.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">The device or other source.</param>
/// <param name="SuperOptions">Options of the file system, comma separated.</param>
public sealed record MountEntry(int Id, int ParentId, string Root, string MountPoint, string Type, string Source, string SuperOptions)
{
    /// <summary>The file system's device number, <c>98:0</c>: two mounts with the same one are of one file system.</summary>
    public string Device { get; init; } = "";
}

/// <summary>Reads mount tables. The parser takes text, so that tests need no root.</summary>
public static class MountTable
{
    /// <summary>The mounts this process sees, in the order they were made.</summary>
    public static List<MountEntry> ReadOwn() => Parse(Files.ReadText("/proc/self/mountinfo"));

    /// <summary>Parses lines such as <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</summary>
    public static List<MountEntry> Parse(string text)
    {
        var entries = new List<MountEntry>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (TryParseLine(line, out var entry))
                entries.Add(entry);
        }
        return entries;
    }

    /// <summary>
    /// True if something is mounted exactly at <paramref name="path"/>. statx(2) tells since Linux 5.8, without the whole table, which has
    /// thousands of lines where there are a thousand containers.
    /// </summary>
    public static bool IsMountPoint(string path)
    {
        var result = FileStatus.TryIsMountRoot(path, out var isMountRoot);
        if (Kernel.ErrnoOf(result) is Errno.ENOENT or Errno.ENOTDIR)
            return false;
        return result == 0 && isMountRoot is { } known ? known : IsMountPoint(ReadOwn(), path);
    }

    /// <summary>True if a file system is mounted exactly at <paramref name="path"/>.</summary>
    public static bool IsMountPoint(IEnumerable<MountEntry> entries, string path)
    {
        foreach (var entry in entries)
        {
            if (entry.MountPoint == path)
                return true;
        }
        return false;
    }

    /// <summary>The mounts at or below <paramref name="path"/>, the last made first: the order to unmount them in.</summary>
    public static List<MountEntry> AtOrBelow(IReadOnlyList<MountEntry> entries, string path)
    {
        var result = new List<MountEntry>();
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            var point = entries[i].MountPoint;
            if (point == path || (point.Length > path.Length && point[path.Length] == '/' && point.StartsWith(path, StringComparison.Ordinal)))
                result.Add(entries[i]);
        }
        return result;
    }

    private static bool TryParseLine(ReadOnlySpan<char> line, out MountEntry entry)
    {
        entry = null!;
        var separator = line.IndexOf(" - ");
        if (separator < 0)
            return false;
        Span<Range> head = stackalloc Range[7];
        var left = line[..separator];
        if (left.Split(head, ' ') < 6)
            return false;
        Span<Range> tail = stackalloc Range[4];
        var right = line[(separator + 3)..];
        var tailCount = right.Split(tail, ' ');
        if (tailCount < 2 || !int.TryParse(left[head[0]], out var id) || !int.TryParse(left[head[1]], out var parent))
            return false;
        entry = new MountEntry(
            id, parent, Unescape(left[head[3]]), Unescape(left[head[4]]), right[tail[0]].ToString(), Unescape(right[tail[1]]),
            tailCount > 2 ? right[tail[2]].ToString() : "")
        { Device = left[head[2]].ToString() };
        return true;
    }

    // Blank, tab, newline and backslash are written as \040 \011 \012 \134.
    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
            return text.ToString();
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                result.Append((char)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }
        return result.ToString();
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';
}
