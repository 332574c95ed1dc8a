using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Stops and resumes a group: by cgroup.freeze of v2 (Linux 5.2), else by the v1 freezer.</summary>
internal static class CgroupFreezer
{
    /// <summary>Freezes and waits for the last process to stop.</summary>
    public static void Freeze(CgroupWorld world, string group, TimeSpan timeout)
    {
        var switchFile = Find(world, group) ?? throw new LinuxException("freeze", group, Errno.EOPNOTSUPP, "no freezer on this host");
        switchFile.Write(true);
        var backoff = new Backoff(timeout);
        while (!switchFile.IsSettled())
        {
            if (backoff.Pause())
                continue;
            switchFile.Write(false);
            throw new LinuxException("freeze", group, Errno.EBUSY, "a process in it is stuck in the kernel (state D)");
        }
    }

    /// <summary>
    /// Resumes; nothing to do where the group is gone. On a hybrid host both freezers are let go: another program, such as criu, may
    /// have used the v1 one, and what is frozen there does not even die.
    /// </summary>
    public static void Thaw(CgroupWorld world, string group)
    {
        Unified(world, group)?.WriteIfThere(false);
        Version1(world, group)?.WriteIfThere(false);
    }

    /// <summary>True if frozen or on the way there, by either freezer.</summary>
    public static bool IsFrozen(CgroupWorld world, string group)
        => (Unified(world, group)?.IsOn() ?? false) || (Version1(world, group)?.IsOn() ?? false);

    /// <summary>Begins to freeze, where that is possible, without waiting.</summary>
    public static void TryBegin(CgroupWorld world, string group) => Find(world, group)?.WriteIfThere(true);

    private static Switch? Find(CgroupWorld world, string group) => Unified(world, group) ?? Version1(world, group);

    private static Switch? Unified(CgroupWorld world, string group)
        => world.Unified is { } unified && File.Exists($"{unified.PathOf(group)}/cgroup.freeze") ? new Switch(unified.PathOf(group), true) : null;

    private static Switch? Version1(CgroupWorld world, string group)
        => world.Find(CgroupController.Freezer) is { } freezer ? new Switch(freezer.PathOf(group), false) : null;

    private readonly struct Switch(string directory, bool isUnified)
    {
        private string File => isUnified ? $"{directory}/cgroup.freeze" : $"{directory}/freezer.state";

        public void Write(bool frozen) => CgroupFile.Write(File, Value(frozen));

        public void WriteIfThere(bool frozen)
        {
            var errno = CgroupFile.TryWrite(File, Value(frozen));
            if (errno is not (Errno.None or Errno.ENOENT or Errno.ENODEV))
                throw CgroupFile.WriteFailure(File, Value(frozen), errno, null);
        }

        public bool IsOn() => CgroupFile.TryRead(File) is { } text && (isUnified ? text == "1" : text != "THAWED");

        // v1 passes through FREEZING; in v2 the switch is on at once and cgroup.events tells when all have stopped.
        public bool IsSettled() => isUnified
            ? CgroupFile.TryReadKeyed($"{directory}/cgroup.events", "frozen") == 1
            : CgroupFile.Read(File) == "FROZEN";

        private string Value(bool frozen) => isUnified ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED");
    }
}
