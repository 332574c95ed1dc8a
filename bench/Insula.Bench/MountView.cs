using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>A mount namespace in which something is covered, for a peer that needs it so. Entering costs one setns(2).</summary>
internal sealed class MountView : IDisposable
{
    private const string Hidden = "/sys/fs/cgroup/unified";

    private readonly LaunchPlan _plan = new();
    private readonly LaunchedProcess _holder;
    private readonly FileDescriptor _namespace;

    private MountView(Action<LaunchPlan> cover)
    {
        const int MS_REC = 0x4000;
        _plan.Add("make private", "/", Syscall.Mount, 0, "/", 0, MS_REC | MountConstants.PropagationPrivate, 0);
        cover(_plan);
        var ready = _plan.AddSignal();
        _plan.AddGate();
        _holder = Launcher.Start(_plan, CloneFlags.NewMount);
        _holder.Await(ready);
        _namespace = Files.Open($"/proc/{_holder.Pid}/ns/mnt", OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
    }

    /// <summary>
    /// A view without /sys/fs/cgroup/unified, where there is one. crun refuses to run where a cgroup2 hierarchy beside v1 has
    /// controllers ("cgroups in hybrid mode not supported"); in this view it finds a plain v1 host.
    /// </summary>
    public static MountView? ForHybridHost()
        => Directory.Exists(Hidden) ? new MountView(plan => plan.Add("cover", Hidden, Syscall.Mount, "none", Hidden, "tmpfs", 0, 0)) : null;

    /// <summary>A view in which other files are in the place of some.</summary>
    public static MountView WithFiles(IReadOnlyList<(string Place, string File)> files)
    {
        const int MS_BIND = 0x1000;
        return new MountView(plan =>
        {
            foreach (var (place, file) in files)
                plan.Add("cover", place, Syscall.Mount, file, place, 0, MS_BIND, 0);
        });
    }

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
