using System.Globalization;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>What /proc says of a process (proc_pid_stat(5), proc_pid_status(5)). Parsers take text, so that tests need no process.</summary>
public static class ProcessStatus
{
    private const int StartTimeField = 22;

    /// <summary>When the process started, in clock ticks since boot: with the pid it names one process for ever. Null if it is gone.</summary>
    public static ulong? TryReadStartTime(int pid) => TryRead($"/proc/{pid}/stat") is { } text ? ParseStartTime(text) : null;

    /// <summary>What the process does, field 3: R, S, D, T and others. Null if it is gone.</summary>
    public static char? TryReadState(int pid)
        => TryRead($"/proc/{pid}/stat") is { } text && text.LastIndexOf(") ", StringComparison.Ordinal) is >= 0 and var end && end + 2 < text.Length
            ? text[end + 2]
            : null;

    /// <summary>Field 22 of a line such as <c>1234 (a (b) c) S 1 1234 …</c>; the name may hold blanks and brackets.</summary>
    public static ulong? ParseStartTime(string stat)
    {
        var nameEnd = stat.LastIndexOf(')');
        if (nameEnd < 0)
            return null;
        Span<Range> fields = stackalloc Range[StartTimeField];
        var rest = stat.AsSpan(nameEnd + 1).Trim();
        // The rest starts with field 3.
        if (rest.Split(fields, ' ') < StartTimeField - 2)
            return null;
        return ulong.TryParse(rest[fields[StartTimeField - 3]], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;
    }

    /// <summary>
    /// How a process ended that its parent has not reaped yet, from field 52 of /proc/PID/stat: what wait(2) will give. Null if it runs, is gone, or
    /// is not the one that started at that time.
    /// </summary>
    public static ExitStatus? TryReadExit(int pid, ulong startTime) => TryRead($"/proc/{pid}/stat") is { } text ? ParseExit(text, startTime) : null;

    /// <summary>As <see cref="TryReadExit"/>, of the text.</summary>
    public static ExitStatus? ParseExit(string stat, ulong startTime)
    {
        const int state = 0, exitCode = 52 - 3;
        if (ParseStartTime(stat) != startTime)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > exitCode && fields[state] is "Z" or "X" && int.TryParse(fields[exitCode], NumberStyles.None, CultureInfo.InvariantCulture, out var raw)
            ? new ExitStatus(raw)
            : null;
    }

    /// <summary>The process's name, at most 15 bytes (/proc/PID/comm). Null if it is gone.</summary>
    public static string? TryReadName(int pid) => TryRead($"/proc/{pid}/comm")?.TrimEnd('\n');

    /// <summary>Its pid in each pid namespace from ours inwards, from a line such as <c>NSpid:	4711	1</c>. Empty if it is gone.</summary>
    public static IReadOnlyList<int> ReadNamespacePids(int pid) => TryRead($"/proc/{pid}/status") is { } text ? ParseNamespacePids(text) : [];

    /// <summary>Parses the text of /proc/PID/status.</summary>
    public static IReadOnlyList<int> ParseNamespacePids(string status)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith("NSpid:"))
                continue;
            var pids = new List<int>();
            foreach (var range in line[6..].Split('\t'))
            {
                if (int.TryParse(line[6..][range], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                    pids.Add(pid);
            }
            return pids;
        }
        return [];
    }

    /// <summary>
    /// True if the process has a cgroup namespace of its own (cgroup_namespaces(7)). False while it shares this one's, and once it has let go of
    /// its namespaces on its way to the end.
    /// </summary>
    public static bool HasOwnCgroupNamespace(int pid)
        => FileStatus.TryGetTarget($"/proc/{pid}/ns/cgroup", out var its) == 0
            && FileStatus.TryGetTarget("/proc/self/ns/cgroup", out var ours) == 0
            && its.Inode != ours.Inode;

    // A process may end between being listed and being read: ENOENT when opened, ESRCH when read.
    private static string? TryRead(string path)
        => Files.TryReadText(Files.CurrentDirectory, path, out var text) == Errno.None ? text : null;
}
