using System.Globalization;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>Reads and sets resource limits (prlimit(2)).</summary>
public static unsafe class ProcessLimits
{
    /// <summary>This process's limit.</summary>
    public static LimitPair OwnOf(ProcessLimit limit)
    {
        LimitPair pair;
        Kernel.Check(Kernel.Call(Syscall.Prlimit64, 0, (int)limit, 0, (nint)(&pair)), "read", $"the limit {limit} of this process");
        return pair;
    }

    /// <summary>Sets a process's limit; 0 for this process. Gives back the kernel's answer.</summary>
    /// <returns>EPERM: raising a hard limit needs CAP_SYS_RESOURCE on the host. ESRCH: the process has ended.</returns>
    public static Errno TrySet(int pid, ProcessLimit limit, LimitPair pair)
        => Kernel.ErrnoOf(Kernel.Call(Syscall.Prlimit64, pid, (int)limit, (nint)(&pair), 0));

    /// <summary>Another process's limit, which its reader needs no right to change; null if it has ended.</summary>
    public static LimitPair? TryRead(int pid, ProcessLimit limit)
        => CgroupFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/limits")) is { Length: > 0 } text ? Parse(text, limit) : null;

    /// <summary>Understands /proc/PID/limits: <c>Max open files            1024                 524288               files</c>.</summary>
    internal static LimitPair Parse(string text, ProcessLimit limit)
    {
        var name = NameOf(limit);
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, var hard, ..])
                return new LimitPair(Value(soft), Value(hard));
        }
        throw new LinuxException("find", $"\"{name}\" in the limits of a process", Errno.EPROTO);
    }

    private static string NameOf(ProcessLimit limit) => limit switch
    {
        ProcessLimit.Data => "Max data size",
        ProcessLimit.OpenFiles => "Max open files",
        ProcessLimit.LockedMemory => "Max locked memory",
        ProcessLimit.QueuedSignals => "Max pending signals",
        _ => throw new ArgumentOutOfRangeException(nameof(limit)),
    };

    private static ulong Value(string word) => word == "unlimited" ? LimitPair.Infinity : ulong.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Raises this process's hard limit, so that what it starts can be given as much; the soft one stays.</summary>
    /// <returns>The hard limit now: less than <paramref name="wanted"/> if the kernel does not let us.</returns>
    public static ulong RaiseOwnHard(ProcessLimit limit, ulong wanted)
    {
        var own = OwnOf(limit);
        return own.Hard >= wanted || TrySet(0, limit, own with { Hard = wanted }) != Errno.None ? own.Hard : wanted;
    }
}
