using Insula.Engine.ProcFs;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>Puts the files that insulad makes for a container in the place of the kernel's.</summary>
internal static class VirtualFileMounts
{
    /// <summary>Adds the steps.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="served">The container's directory in what insulad serves, a path of the host.</param>
    /// <param name="proc">The root of the container's /proc.</param>
    /// <param name="sys">The root of its /sys.</param>
    public static void Add(LaunchPlan plan, string served, PlanResult proc, PlanResult sys)
    {
        var directory = plan.AddOpenDirectory(served);
        foreach (var path in VirtualFiles.Single.Select(file => file.Path).Concat(VirtualFiles.Directories))
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            AddFile(plan, directory, path, path[..slash] == "proc" ? proc : sys, path[(slash + 1)..]);
        }
        plan.Add("close", served, Syscall.Close, directory);
    }

    /// <summary>
    /// Adds the container's own directory at /run/insula, where it has the files that procfs has no place for. Those of others are not below it.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="served">The container's directory in what insulad serves, a path of the host.</param>
    /// <param name="run">The root of its /run.</param>
    public static void AddDirectory(LaunchPlan plan, string served, PlanResult run)
    {
        const int mode0755 = 0x1ED;
        var tree = plan.Add(
            "take", "the virtual files", Syscall.OpenTree, Files.CurrentDirectory, served, MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        plan.Add("create", "/run/insula", Syscall.MkDirAt, run, "insula", mode0755);
        plan.Add("mount", "/run/insula", Syscall.MoveMount, tree, "", run, "insula", MountConstants.MoveFromDescriptor);
        plan.Add("close", "the virtual files", Syscall.Close, tree);
    }

    private static void AddFile(LaunchPlan plan, PlanResult served, string path, PlanResult target, string name)
    {
        var tree = plan.Add(
            "take", $"the virtual /{path}", Syscall.OpenTree, served, path, MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        // A kernel built without pressure figures has no such file to cover.
        plan.Add(StepMode.Optional, "cover", $"/{path}", Syscall.MoveMount, tree, "", target, name, MountConstants.MoveFromDescriptor);
        plan.Add("close", "the virtual file", Syscall.Close, tree);
    }
}
