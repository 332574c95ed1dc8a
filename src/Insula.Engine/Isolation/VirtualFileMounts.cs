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
        foreach (var file in VirtualFiles.All.Where(file => file.CoversKernelFile))
        {
            var slash = file.Path.IndexOf('/', StringComparison.Ordinal);
            AddFile(plan, directory, file.Path, file.Path[..slash] == "proc" ? proc : sys, file.Path[(slash + 1)..]);
        }
        plan.Add("close", served, Syscall.Close, directory);
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
