using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// One container's group: the same directory in every hierarchy of the host, whichever versions these are. The limits and figures
/// are with <see cref="Memory"/>, <see cref="Pids"/>, <see cref="Cpu"/>, <see cref="CpuSet"/>, <see cref="BlockIo"/> and <see cref="Devices"/>,
/// each null when the host does not offer it.
/// </summary>
public sealed class ControlGroup
{
    private const int JoinAttempts = 4;

    internal ControlGroup(CgroupWorld world, string name)
    {
        World = world;
        Name = name;
    }

    /// <summary>The host's hierarchies.</summary>
    public CgroupWorld World { get; }

    /// <summary>The directory, seen from each hierarchy's root: <c>insula/101</c>.</summary>
    public string Name { get; }

    /// <summary>Memory and swap; null if the host has no memory controller.</summary>
    public MemoryControl? Memory => World.Find(CgroupController.Memory) is { } at ? MemoryControl.For(at, PathIn(at)) : null;

    /// <summary>The number of processes; null if the host has no pids controller.</summary>
    public PidsControl? Pids => World.Find(CgroupController.Pids) is { } at ? new PidsControl(PathIn(at)) : null;

    /// <summary>Processor weight and ceiling; null if the host has no cpu controller.</summary>
    public CpuControl? Cpu => World.Find(CgroupController.Cpu) is { } at ? CpuControl.For(at, PathIn(at)) : null;

    /// <summary>Which processors and memory nodes; null if the host has no cpuset controller.</summary>
    public CpuSetControl? CpuSet => World.Find(CgroupController.CpuSet) is { } at ? new CpuSetControl(at, PathIn(at)) : null;

    /// <summary>Disk time; null if the host has no blkio or io controller.</summary>
    public BlockIoControl? BlockIo => World.Find(CgroupController.BlockIo) is { } at ? BlockIoControl.For(at, PathIn(at)) : null;

    /// <summary>Access to devices; null if the host has neither the v1 controller nor cgroup v2.</summary>
    public DeviceControl? Devices => DeviceControl.For(World, Name);

    /// <summary>True if the group is there in any hierarchy, be it half made or half removed.</summary>
    public bool Exists
    {
        get
        {
            foreach (var hierarchy in World.Hierarchies)
            {
                if (Directory.Exists(PathIn(hierarchy)))
                    return true;
            }
            return false;
        }
    }

    /// <summary>The group's directory in a hierarchy.</summary>
    public string PathIn(CgroupHierarchy hierarchy) => hierarchy.PathOf(Name);

    /// <summary>
    /// Makes the group in every hierarchy, with the directories above it, and hands down the controllers (v2) or the processors and
    /// memory nodes (v1 cpuset) that it needs. What is there already stays. After a failure <see cref="Delete"/> removes what was made.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Create() => CgroupMaker.Make(World, Name);

    /// <summary>
    /// Removes the group from every hierarchy, with all groups made below it, deepest first. Processes that are just ending are
    /// waited for; nothing is killed (<see cref="KillAll"/>). A group that is not there is no error.
    /// </summary>
    /// <param name="timeout">How long to wait for ending processes in all.</param>
    /// <exception cref="LinuxException">EBUSY: processes still run in it.</exception>
    public void Delete(TimeSpan timeout)
    {
        var backoff = new Backoff(timeout);
        foreach (var hierarchy in World.Hierarchies)
        {
            while (true)
            {
                var errno = CgroupDirectory.TryRemoveTree(PathIn(hierarchy));
                if (errno == Errno.None)
                    break;
                if (errno != Errno.EBUSY || !backoff.Pause())
                    throw new LinuxException("remove control group", PathIn(hierarchy), errno, BusyHint(errno));
            }
        }
    }

    /// <summary>Puts a process with all its threads into the group, in every hierarchy.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="unifiedSubGroup">
    /// In v2, the name of a group below to put it into, made if need be. A container whose systemd has handed controllers down takes
    /// processes only in its leaves (EBUSY otherwise).
    /// </param>
    /// <exception cref="LinuxException">ESRCH: the process has ended. EBUSY: see above.</exception>
    public void AddProcess(int pid, string? unifiedSubGroup = null)
    {
        foreach (var hierarchy in World.Hierarchies)
        {
            var value = pid.ToString(CultureInfo.InvariantCulture);
            var errno = Errno.ENOENT;
            var directory = "";
            // The init of a container may take an empty group away between our making it and our using it.
            for (var attempt = 0; attempt < JoinAttempts && errno is (Errno.ENOENT or Errno.ENODEV); attempt++)
            {
                directory = hierarchy.IsUnified ? UnifiedDirectory(hierarchy, unifiedSubGroup) : PathIn(hierarchy);
                errno = CgroupFile.TryWrite($"{directory}/cgroup.procs", value);
            }
            if (errno != Errno.None)
                throw CgroupFile.WriteFailure($"{directory}/cgroup.procs", value, errno, JoinHint(errno, hierarchy));
        }
    }

    /// <summary>
    /// The group's v2 directory, for CLONE_INTO_CGROUP and for BPF programs; null on a host without cgroup v2.
    /// </summary>
    /// <param name="subGroup">A group below, made if need be, as with <see cref="AddProcess"/>.</param>
    public FileDescriptor? OpenDescriptor(string? subGroup = null)
        => World.Unified is { } unified ? Files.Open(UnifiedDirectory(unified, subGroup), OpenFlags.Directory | OpenFlags.NoFollow) : null;

    /// <summary>
    /// True when what is started in the v2 group needs a sub-group: a group that has controllers takes no processes itself once they are
    /// handed down, and a process in it keeps the init inside from ever handing them down (EBUSY, which systemd does not retry).
    /// </summary>
    public bool NeedsSubGroup
        => World.Unified is { } unified && CgroupFile.TryRead($"{PathIn(unified)}/cgroup.controllers") is { Length: > 0 };

    /// <summary>
    /// Gives the group's inside to a user: the container's root may make groups below and move its processes among them, in v2 and in
    /// systemd's v1 hierarchy. The limits stay ours, and no other v1 hierarchy is given away (a v1 controller trusts whoever may write).
    /// </summary>
    public void Delegate(int uid, int gid) => CgroupDelegation.Delegate(World, Name, uid, gid);

    /// <summary>The pids of all processes in the group and below, in whichever hierarchy, ascending.</summary>
    public SortedSet<int> Processes() => CgroupProcesses.List(World, Name);

    /// <summary>
    /// The pids by one hierarchy alone, which is enough to count: the one of the memory controller in v1, where a group has none below, else
    /// the v2 one. Unlike <see cref="Processes"/> it misses a process that somebody moved out of that hierarchy's group.
    /// </summary>
    public SortedSet<int> ProcessesByOneHierarchy()
    {
        var hierarchy = World.Find(CgroupController.Memory) ?? World.Find(CgroupController.Pids) ?? World.Hierarchies[0];
        return CgroupProcesses.List(hierarchy, Name);
    }

    /// <summary>
    /// Makes memory of the group the last to be reclaimed while it has no more than that (memory.low; v2 only). The groups above hand
    /// protection down, so those of our tree are opened for it.
    /// </summary>
    /// <param name="bytes">How much; 0 for none.</param>
    /// <returns>False where the host has no memory controller of v2.</returns>
    public bool ProtectMemory(long bytes)
    {
        if (World.Find(CgroupController.Memory) is not { IsUnified: true } hierarchy)
            return false;
        for (var slash = Name.IndexOf('/', StringComparison.Ordinal); bytes > 0 && slash > 0; slash = Name.IndexOf('/', slash + 1))
            CgroupFile.Write($"{hierarchy.PathOf(Name[..slash])}/memory.low", "max");
        Memory!.Protect(bytes);
        return true;
    }

    /// <summary>True if any process is in the group or below it.</summary>
    public bool IsPopulated
        => World.Unified is { } unified && CgroupFile.TryReadKeyed($"{PathIn(unified)}/cgroup.events", "populated") is { } populated
            ? populated != 0
            : Processes().Count > 0;

    /// <summary>Kills every process in the group and below, and waits until they are gone.</summary>
    /// <returns>False if some were still there when time ran out (stuck in the kernel); see <see cref="Processes"/>.</returns>
    public bool KillAll(TimeSpan timeout) => CgroupProcesses.KillAll(World, Name, timeout);

    /// <summary>Stops all processes in the group and below, and waits until the last has stopped.</summary>
    /// <exception cref="LinuxException">EBUSY: not all could be stopped in time; all run on.</exception>
    public void Freeze(TimeSpan timeout) => CgroupFreezer.Freeze(World, Name, timeout);

    /// <summary>Lets all processes run on, whichever freezer stopped them.</summary>
    public void Thaw() => CgroupFreezer.Thaw(World, Name);

    /// <summary>True if the group is frozen.</summary>
    public bool IsFrozen => CgroupFreezer.IsFrozen(World, Name);

    /// <summary>Processor time used so far; null if the host accounts it nowhere.</summary>
    public CpuUsage? ReadCpuUsage() => CpuUsage.Read(World, Name);

    /// <summary>Processor time on each processor; null if the host accounts it nowhere.</summary>
    /// <param name="processors">What the group may use, see <see cref="CpuTimes"/>.</param>
    public CpuTimes? ReadCpuTimes(CpuSet processors) => CpuTimes.Read(World, Name, processors);

    private string UnifiedDirectory(CgroupHierarchy unified, string? subGroup)
    {
        if (subGroup is null)
            return PathIn(unified);
        GroupName.Check(subGroup, nameof(subGroup));
        var path = $"{PathIn(unified)}/{subGroup}";
        CgroupDirectory.Make(path);
        return path;
    }

    private string? BusyHint(Errno errno)
    {
        if (errno != Errno.EBUSY)
            return null;
        var pids = Processes();
        return pids.Count == 0 ? null : $"processes still run in it: {string.Join(", ", pids.Take(10))}{(pids.Count > 10 ? ", ..." : "")}";
    }

    private static string? JoinHint(Errno errno, CgroupHierarchy hierarchy) => errno switch
    {
        Errno.ESRCH => "the process has ended",
        Errno.EBUSY when hierarchy.IsUnified => "it has handed controllers down to groups below and takes processes only there",
        Errno.ENOSPC => "its cpuset.cpus or cpuset.mems is empty",
        _ => null,
    };
}
