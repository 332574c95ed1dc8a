using System.Globalization;

namespace Insula.Linux.Processes;

/// <summary>The file locks of the whole host (/proc/locks, proc_locks(5)).</summary>
public static class FileLocks
{
    private const string LocksFile = "/proc/locks";

    /// <summary>How many locks each process holds. Those of an open file description (OFD) have no process and are under -1.</summary>
    public static Dictionary<int, int> Read() => Parse(File.ReadAllText(LocksFile));

    /// <summary>
    /// Parses lines such as <c>1: POSIX  ADVISORY  WRITE 25751 fe:00:11658640 0 EOF</c>. One with "->" behind the number waits and holds
    /// nothing.
    /// </summary>
    internal static Dictionary<int, int> Parse(string text)
    {
        var held = new Dictionary<int, int>();
        Span<Range> words = stackalloc Range[6];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.SplitAny(words, " ", StringSplitOptions.RemoveEmptyEntries) < 6 || line[words[1]] is "->")
                continue;
            if (int.TryParse(line[words[4]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid))
                held[pid] = held.GetValueOrDefault(pid) + 1;
        }
        return held;
    }
}
