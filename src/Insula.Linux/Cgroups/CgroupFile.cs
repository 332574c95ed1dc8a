using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// Reads and writes the kernel's small files in a group's directory. A value goes out in one write(2), as these files demand,
/// and every error names the file, and the value where there is one.
/// </summary>
internal static class CgroupFile
{
    /// <summary>Writes a value.</summary>
    /// <exception cref="LinuxException">The kernel refused: <c>Cannot write "5" to /sys/fs/cgroup/pids/insula/101/pids.max: ...</c></exception>
    public static void Write(string path, string value, string? hint = null)
    {
        var errno = TryWrite(path, value);
        if (errno != Errno.None)
            throw WriteFailure(path, value, errno, hint);
    }

    /// <summary>Writes a value and gives back the kernel's answer.</summary>
    public static Errno TryWrite(string path, string value) => Files.TryWriteValue(path, value);

    /// <summary>The exception that <see cref="Write"/> throws.</summary>
    public static LinuxException WriteFailure(string path, string value, Errno errno, string? hint)
        => new($"write \"{value.Trim()}\" to", path, errno, hint);

    /// <summary>The text of a file, without the white space at its end.</summary>
    public static string Read(string path)
        => Read(Files.CurrentDirectory, path, out var text) is var errno && errno == Errno.None
            ? text
            : throw new LinuxException("read", path, errno);

    /// <summary>The text of a file, or null if the group has no such file (or there is no such group).</summary>
    public static string? TryRead(string path)
    {
        var errno = Read(Files.CurrentDirectory, path, out var text);
        return errno switch
        {
            Errno.None => text,
            Errno.ENOENT or Errno.ENODEV or Errno.ENOTDIR => null,
            _ => throw new LinuxException("read", path, errno),
        };
    }

    /// <summary>Reads a file below an open directory, whose absolute path may be longer than the kernel takes.</summary>
    public static Errno Read(int directory, string path, out string text)
    {
        var errno = Files.TryReadText(directory, path, out text);
        text = text.TrimEnd();
        return errno;
    }

    /// <summary>A file that holds one number.</summary>
    public static long ReadNumber(string path) => Number(Read(path), path);

    /// <summary>A file that holds one number; null if the group has no such file.</summary>
    public static long? TryReadNumber(string path) => TryRead(path) is { } text ? Number(text, path) : null;

    /// <summary>The number behind <paramref name="key"/> in a file of lines such as <c>oom_kill 3</c>; null if there is no such line or file.</summary>
    public static long? TryReadKeyed(string path, string key) => TryRead(path) is { } text ? FindKeyed(text, key, path) : null;

    /// <summary>As <see cref="TryReadKeyed"/>, from the text of the file.</summary>
    public static long? FindKeyed(string text, string key, string path)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
                return Number(line[(key.Length + 1)..], path);
        }
        return null;
    }

    private static long Number(ReadOnlySpan<char> text, string path)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;
        // A few counters are unsigned and may read 18446744073709551615.
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return long.MaxValue;
        throw new LinuxException("understand", $"\"{text}\" in {path}", Errno.EPROTO);
    }
}
