using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// The resource limits of what the daemon starts. It has high ones itself, for a thousand containers; a container that it starts again is to have those
/// that it would have had from a command.
/// </summary>
public static class StartedLimits
{
    // What systemd gives a service (systemd-system.conf(5), DefaultLimitNOFILE= and DefaultLimitMEMLOCK=), and a login has.
    private static readonly LimitPair OpenFiles = new(1024, 524_288), LockedMemory = new(8 << 20, 8 << 20);

    /// <summary>Puts them into force for this process and its children. Limits that are lower stay.</summary>
    public static void Apply()
    {
        Lower(ProcessLimit.OpenFiles, OpenFiles);
        Lower(ProcessLimit.LockedMemory, LockedMemory);
    }

    private static void Lower(ProcessLimit limit, LimitPair usual)
    {
        var own = ProcessLimits.OwnOf(limit);
        if (own.Soft <= usual.Soft && own.Hard <= usual.Hard)
            return;
        // Raising the hard limit to the usual one may be refused (EPERM); lowering is not.
        if (ProcessLimits.TrySet(0, limit, usual) == Errno.None)
            return;
        var lower = new LimitPair(Math.Min(own.Soft, usual.Soft), Math.Min(own.Hard, usual.Hard));
        if (ProcessLimits.TrySet(0, limit, lower) is not Errno.None and var error)
            throw new LinuxException("set", $"the limit {limit} of this process", error);
    }
}
