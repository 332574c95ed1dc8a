using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>
/// A mount namespace in which /sys/fs/cgroup/unified is covered. crun refuses to run where a cgroup2 hierarchy beside v1 has
/// controllers ("cgroups in hybrid mode not supported"); in this view it finds a plain v1 host. Entering costs one setns(2).
/// </summary>
internal sealed class MountView : IDisposable
{
    private const string Hidden = "/sys/fs/cgroup/unified";

    private readonly LaunchPlan _plan = new();
    private readonly LaunchedProcess _holder;
    private readonly FileDescriptor _namespace;

    private MountView()
    {
        const int MS_REC = 0x4000;
        _plan.Add("make private", "/", Syscall.Mount, 0, "/", 0, MS_REC | MountConstants.PropagationPrivate, 0);
        _plan.Add("cover", Hidden, Syscall.Mount, "none", Hidden, "tmpfs", 0, 0);
        var ready = _plan.AddSignal();
        _plan.AddGate();
        _holder = Launcher.Start(_plan, CloneFlags.NewMount);
        _holder.Await(ready);
        _namespace = Files.Open($"/proc/{_holder.Pid}/ns/mnt", OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
    }

    /// <summary>A view if this host needs one.</summary>
    public static MountView? ForHybridHost() => Directory.Exists(Hidden) ? new MountView() : null;

    public void AddEntry(LaunchPlan plan)
        => plan.Add("enter", "the view of the mounts", Syscall.SetNs, _namespace, (long)CloneFlags.NewMount);

    public void Dispose()
    {
        _namespace.Dispose();
        _holder.KillAndReap();
        _holder.Dispose();
        _plan.Dispose();
    }
}
