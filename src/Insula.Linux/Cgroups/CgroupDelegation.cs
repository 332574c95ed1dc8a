using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Gives away the inside of a group (cgroup-v2.rst, "Model of Delegation").</summary>
internal static class CgroupDelegation
{
    // What may be given away, by the kernel's own word; a line each. The rest of a group's files are limits and belong to the giver.
    private const string KernelList = "/sys/kernel/cgroup/delegate";
    private const string OldKernelList = "cgroup.procs\ncgroup.threads\ncgroup.subtree_control";

    /// <summary>Makes the user owner of the v2 group and of systemd's v1 group, as far as delegation goes.</summary>
    public static void Delegate(CgroupWorld world, string group, int uid, int gid)
    {
        foreach (var hierarchy in world.Hierarchies)
        {
            var directory = hierarchy.PathOf(group);
            if (hierarchy.IsUnified)
                DelegateUnified(directory, uid, gid);
            else if (hierarchy.IsSystemd)
                ChangeOwner(directory, uid, gid, "tasks", "cgroup.procs");
        }
    }

    private static void DelegateUnified(string directory, int uid, int gid)
    {
        var list = CgroupFile.TryRead(KernelList) ?? OldKernelList;
        ChangeOwner(directory, uid, gid, list.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void ChangeOwner(string directory, int uid, int gid, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            // A file of a controller that is not on here (memory.oom.group) is not there.
            var errno = TryChangeOwner($"{directory}/{file}", uid, gid);
            if (errno is not (Errno.None or Errno.ENOENT))
                throw new LinuxException($"give to uid {uid}", $"{directory}/{file}", errno);
        }
        // Last, so that whoever owns the directory finds the rest in place.
        var refusal = TryChangeOwner(directory, uid, gid);
        if (refusal != Errno.None)
            throw new LinuxException($"give to uid {uid}", directory, refusal);
    }

    private static Errno TryChangeOwner(string path, int uid, int gid)
        => Kernel.ErrnoOf(Kernel.CallWithPath(Syscall.Fchownat, Files.CurrentDirectory, path, uid, gid));
}
