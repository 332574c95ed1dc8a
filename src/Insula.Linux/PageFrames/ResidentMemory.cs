using System.Globalization;

namespace Insula.Linux.PageFrames;

/// <summary>What the kernel itself says of a process's memory (/proc/PID/smaps_rollup, Linux 4.14), in bytes.</summary>
/// <param name="Rss">Pages in its page tables.</param>
/// <param name="Pss">The same, each page divided by how often it is mapped.</param>
public readonly record struct ResidentMemory(long Rss, long Pss)
{
    /// <summary>Reads it; null if the process has ended.</summary>
    public static ResidentMemory? TryRead(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps_rollup")));
        }
        // ENOENT when opened, ESRCH when read.
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads the lines "Rss:                1234 kB" and "Pss:".</summary>
    internal static ResidentMemory Parse(string text) => new(Bytes(text, "Rss:"), Bytes(text, "Pss:"));

    private static long Bytes(string text, string key)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(key, StringComparison.Ordinal))
                continue;
            var value = line[key.Length..].Trim();
            var end = value.IndexOf(' ');
            return long.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib * 1024 : 0;
        }
        return 0;
    }
}
