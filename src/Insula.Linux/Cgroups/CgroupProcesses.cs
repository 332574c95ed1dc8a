using System.Globalization;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Lists and kills what runs in a group and below it.</summary>
internal static class CgroupProcesses
{
    /// <summary>The pids in any hierarchy.</summary>
    public static SortedSet<int> List(CgroupWorld world, string group)
    {
        var pids = new SortedSet<int>();
        foreach (var hierarchy in world.Hierarchies)
            AddTree(hierarchy.PathOf(group), pids);
        return pids;
    }

    /// <summary>The pids in one hierarchy.</summary>
    public static SortedSet<int> List(CgroupHierarchy hierarchy, string group)
    {
        var pids = new SortedSet<int>();
        AddTree(hierarchy.PathOf(group), pids);
        return pids;
    }

    /// <summary>Kills all until none is left or time is up.</summary>
    public static bool KillAll(CgroupWorld world, string group, TimeSpan timeout)
    {
        var backoff = new Backoff(timeout);
        while (true)
        {
            var pids = List(world, group);
            if (pids.Count == 0)
                return true;
            // Also where cgroup.kill works: somebody may be in a v1 group but not in the v2 one.
            if (KillUnified(world, group))
                KillEach(world, group);
            else
                KillFrozen(world, group);
            CgroupFreezer.Thaw(world, group);
            if (!backoff.Pause())
                return List(world, group).Count == 0;
        }
    }

    // cgroup.kill (Linux 5.14) reaches everything below at once and cannot be outrun by forks.
    private static bool KillUnified(CgroupWorld world, string group)
    {
        if (world.Unified is not { } unified)
            return false;
        var file = $"{unified.PathOf(group)}/cgroup.kill";
        var errno = CgroupFile.TryWrite(file, "1");
        return errno switch
        {
            Errno.None => true,
            Errno.ENOENT or Errno.ENODEV => false,
            _ => throw CgroupFile.WriteFailure(file, "1", errno, null),
        };
    }

    // Frozen processes do not fork, so the list is complete; a kill takes effect when the caller thaws them.
    private static void KillFrozen(CgroupWorld world, string group)
    {
        CgroupFreezer.TryBegin(world, group);
        try
        {
            KillEach(world, group);
        }
        catch (LinuxException)
        {
            CgroupFreezer.Thaw(world, group);
            throw;
        }
    }

    // Between the list and the pidfd a pid may have come to mean a process of somebody else. That one is not in the second list.
    private static void KillEach(CgroupWorld world, string group)
    {
        var candidates = new List<PidFd>();
        try
        {
            foreach (var pid in List(world, group))
            {
                if (PidFd.TryOpen(pid) is { } process)
                    candidates.Add(process);
            }
            var still = List(world, group);
            foreach (var process in candidates)
            {
                if (still.Contains(process.Pid))
                    process.Kill();
            }
        }
        finally
        {
            foreach (var process in candidates)
                process.Dispose();
        }
    }

    private static void AddTree(string path, SortedSet<int> pids)
    {
        using var directory = CgroupDirectory.TryOpen(path);
        if (directory is null)
            return;
        AddGroup(directory.Number, "cgroup.procs", path, pids);
        CgroupDirectory.DeepestFirst(directory, path, (parent, name) => AddGroup(parent, $"{name}/cgroup.procs", path, pids));
    }

    private static void AddGroup(int parent, string file, string displayPath, SortedSet<int> pids)
    {
        var errno = CgroupFile.Read(parent, file, out var text);
        // Removed meanwhile; or a threaded group, whose processes the group above lists (cgroups(7)).
        if (errno is Errno.ENOENT or Errno.ENODEV or Errno.EOPNOTSUPP)
            return;
        if (errno != Errno.None)
            throw new LinuxException("list the processes below", displayPath, errno);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // 0 stands for a process of a pid namespace that we do not see.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                pids.Add(pid);
        }
    }
}
