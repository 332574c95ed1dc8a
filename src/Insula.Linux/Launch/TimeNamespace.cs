using System.Diagnostics;
using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>The clocks of a time namespace (time_namespaces(7), Linux 5.6).</summary>
public static class TimeNamespace
{
    /// <summary>Lets CLOCK_MONOTONIC and CLOCK_BOOTTIME begin now, to the second, for the children of a process that has made a time namespace.</summary>
    /// <param name="pid">The process; it must not have had a child since.</param>
    public static void StartClocks(int pid)
    {
        var path = $"/proc/{pid}/timens_offsets";
        var errno = Files.TryWriteValue(path, string.Create(CultureInfo.InvariantCulture, $"monotonic -{Monotonic()} 0\nboottime -{BootTime()} 0\n"));
        if (errno != Errno.None)
            throw new LinuxException("set the clocks of", path, errno);
    }

    private static long Monotonic() => Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    // "5413.23 10012.92": seconds since boot, and idle.
    private static long BootTime()
    {
        var text = File.ReadAllText("/proc/uptime");
        return long.Parse(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
