using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Makes a group's directories, so that processes can enter and every controller works in them.</summary>
internal static class CgroupMaker
{
    // The tree's directories may be removed by another command between our making them and our going on inside.
    private const int Attempts = 4;

    // What a container's group needs and what the systemd inside can hand on.
    private static ReadOnlySpan<CgroupController> HandedDown =>
        [CgroupController.Cpu, CgroupController.CpuSet, CgroupController.Memory, CgroupController.BlockIo, CgroupController.Pids];

    /// <summary>Makes <paramref name="name"/> in every hierarchy.</summary>
    public static void Make(CgroupWorld world, string name)
    {
        foreach (var hierarchy in world.Hierarchies)
            MakeInPatiently(hierarchy, name);
    }

    private static void MakeInPatiently(CgroupHierarchy hierarchy, string name)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                MakeIn(hierarchy, name);
                return;
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV && attempt < Attempts)
            {
                Thread.Yield();
            }
        }
    }

    private static void MakeIn(CgroupHierarchy hierarchy, string name)
    {
        // Where nothing has to be handed down, the directories above are there after the first container.
        if (!hierarchy.IsUnified && !hierarchy.Has(CgroupController.CpuSet) && CgroupDirectory.TryMake(hierarchy.PathOf(name)))
            return;
        var path = hierarchy.MountPoint;
        // What systemd makes and hands down itself, to a unit that is delegated to us, is not ours to write to.
        var given = hierarchy.IsUnified ? GroupName.UnitsIn(name) : 0;
        foreach (var part in name.Split('/'))
        {
            if (given-- > 0)
            {
                path += "/" + part;
                continue;
            }
            // v2: a group has the controllers that the group above it hands down, all the way from the root.
            if (hierarchy.IsUnified)
                HandDown(path);
            path += "/" + part;
            CgroupDirectory.Make(path);
            if (!hierarchy.IsUnified && hierarchy.Has(CgroupController.CpuSet))
                CpuSetControl.InheritFromParent(path);
        }
    }

    private static void HandDown(string directory)
    {
        var available = CgroupFile.TryRead($"{directory}/cgroup.controllers");
        if (string.IsNullOrEmpty(available))
            return;
        var file = $"{directory}/cgroup.subtree_control";
        // One at a time: an error names the controller that is refused, and the others are on.
        foreach (var word in Missing(available, CgroupFile.Read(file)))
            CgroupFile.Write(file, word, "see \"Controlling Controllers\" in the kernel's cgroup-v2 documentation");
    }

    /// <summary>What to write to cgroup.subtree_control: <c>+memory</c> and the like.</summary>
    /// <param name="available">cgroup.controllers: <c>cpuset cpu io memory pids</c>.</param>
    /// <param name="enabled">cgroup.subtree_control, in the same form.</param>
    internal static List<string> Missing(string available, string enabled)
    {
        var missing = new List<string>();
        foreach (var controller in HandedDown)
        {
            var name = CgroupControllerNames.UnifiedName(controller)!;
            if (HasWord(available, name) && !HasWord(enabled, name))
                missing.Add("+" + name);
        }
        return missing;
    }

    private static bool HasWord(string words, string word)
    {
        var span = words.AsSpan();
        foreach (var range in span.Split(' '))
        {
            if (span[range].SequenceEqual(word))
                return true;
        }
        return false;
    }
}
