using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>The clock that processes' start times are given in.</summary>
public static class ProcessClock
{
    /// <summary>Seconds since boot, the time of suspend included (proc_uptime(5)): "350735.47 234388.90".</summary>
    public static double SecondsSinceBoot()
    {
        var text = Files.ReadText("/proc/uptime");
        return double.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    }
}
