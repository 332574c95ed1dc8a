using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>
/// The life of a container's first process from clone3(2) to its init: this list of steps is the documentation of how a container is
/// isolated. `vzctl start --dry-run` prints it.
/// </summary>
public static class InitPlan
{
    private const int KeyctlJoinSessionKeyring = 1;
    private const int MountRecursivePrivate = 0x4000 | 0x40000;

    /// <summary>The namespaces made at the clone. The cgroup namespace follows when the process is in its groups.</summary>
    public const CloneFlags Namespaces = CloneFlags.NewUser | CloneFlags.NewMount | CloneFlags.NewPid | CloneFlags.NewNet
        | CloneFlags.NewIpc | CloneFlags.NewUts;

    /// <summary>Builds the plan. Its gate is where the host maps ids, places the process in cgroups and connects the network.</summary>
    public static LaunchPlan Build(InitSettings settings)
    {
        var plan = new LaunchPlan();
        plan.AddGate();
        plan.AddBecome(0, 0);
        plan.Add("start", "a session", Syscall.SetSid);
        plan.Add(StepMode.Optional, "join", "a session keyring of its own", Syscall.Keyctl, KeyctlJoinSessionKeyring, 0);
        plan.Add("create", "a cgroup namespace", Syscall.Unshare, (long)CloneFlags.NewCgroup);
        if (settings.TimeNamespace)
            plan.Add("create", "a time namespace", Syscall.Unshare, (long)CloneFlags.NewTime);
        plan.Add("set", "the file mode mask", Syscall.UMask, 0x12 /* 022 */);
        AddRoot(plan, settings);
        plan.Add("set host name", settings.HostName, Syscall.SetHostName, settings.HostName, System.Text.Encoding.UTF8.GetByteCount(settings.HostName));
        AddStreams(plan, settings);
        plan.AddBoundingSet(settings.Capabilities, settings.LastCapability);
        plan.AddSystemCallFilter(settings.SystemCallFilter);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        plan.AddExecuteFirst(settings.Programs, settings.Environment);
        return plan;
    }

    private static void AddRoot(LaunchPlan plan, InitSettings settings)
    {
        // Nothing that is mounted here is seen by the host, nor the other way round.
        plan.Add("make private", "all mounts", Syscall.Mount, 0, "/", 0, MountRecursivePrivate, 0);
        var outer = plan.AddOpenDirectory(settings.Root);
        var tree = plan.Add(
            "take a copy of the mount at", settings.Root, Syscall.OpenTree, Files.CurrentDirectory, settings.Root,
            MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec | MountConstants.AtRecursive);
        plan.AddAttach(tree, outer, settings.Root);
        var root = plan.AddOpenDirectory(settings.Root);
        SystemMounts.Add(plan, root, settings);
        plan.Add("go to", settings.Root, Syscall.FChDir, root);
        // pivot_root(2), "pivot_root(".", ".")": the old root ends up under the new one and is taken away by the next step.
        plan.Add("change root to", settings.Root, Syscall.PivotRoot, ".", ".");
        plan.Add("take away", "the host's mounts", Syscall.Umount2, ".", MountConstants.UnmountDetach);
        plan.Add("go to", "/", Syscall.ChDir, "/");
    }

    private static void AddStreams(LaunchPlan plan, InitSettings settings)
    {
        if (settings.Streams is var (input, output, error))
        {
            plan.AddStandardStreams(input, output, error);
            return;
        }
        var open = plan.Add("open", "/dev/null", Syscall.OpenAt, Files.CurrentDirectory, "/dev/null", Files.NativeFlags(OpenFlags.ReadWrite));
        plan.AddStandardStreams(open, open, open);
    }
}
