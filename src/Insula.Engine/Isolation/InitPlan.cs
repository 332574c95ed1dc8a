using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>
/// The life of a container's first process from clone3(2) to its init: this list of steps is the documentation of how a container is
/// isolated. `vzctl start --dry-run` prints it.
/// </summary>
public sealed class InitPlan : IDisposable
{
    private const int KeyctlJoinSessionKeyring = 1;
    private const int SetParentDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int SignalKill = 9;
    private const int MountRecursivePrivate = 0x4000 | 0x40000;

    /// <summary>The namespaces made at the clone. The cgroup namespace follows when the process is in its groups.</summary>
    public const CloneFlags Namespaces = CloneFlags.NewUser | CloneFlags.NewMount | CloneFlags.NewPid | CloneFlags.NewNet
        | CloneFlags.NewIpc | CloneFlags.NewUts;

    private InitPlan(InitSettings settings)
    {
        Plan = new LaunchPlan();
        if (settings.IsCounted)
            Counted = Plan.AddGate();
        if (settings.TimeNamespace)
        {
            // For children so far; until this process enters it the host may set its clocks.
            Plan.Add("create", "a time namespace", Syscall.Unshare, (long)CloneFlags.NewTime);
            ClocksSettable = Plan.AddSignal();
        }
        // While it is still the host's root by its ids, which lead through directories that are closed to everybody else.
        var root = AddRootTree(Plan, settings);
        Mapped = Plan.AddGate();
        var mounts = AddOwnSurroundings(Plan, root, settings);
        Gate = Plan.AddGate();
        Listener = AddRest(Plan, root, mounts, settings);
        if (settings.StopBeforeInit)
        {
            Ready = Plan.AddSignal();
            InitGate = Plan.AddGate();
        }
        Plan.AddExecuteFirst(settings.Programs, settings.Environment);
    }

    /// <summary>The steps.</summary>
    public LaunchPlan Plan { get; }

    /// <summary>With <see cref="InitSettings.IsCounted"/>: where the host begins to count what the process holds, which is nothing.</summary>
    public LaunchGate? Counted { get; }

    /// <summary>Where the host maps the ids. From here to <see cref="Gate"/> the process makes its mounts while the host does the rest.</summary>
    public LaunchGate Mapped { get; }

    /// <summary>Where the host has made the cgroups, placed the process in them and connected the network.</summary>
    public LaunchGate Gate { get; }

    /// <summary>With <see cref="InitSettings.TimeNamespace"/>: from here to the gate its clocks can be set.</summary>
    public LaunchSignal? ClocksSettable { get; }

    /// <summary>With <see cref="InitSettings.HasListener"/>: to be taken after <see cref="Gate"/>.</summary>
    public FilterListener? Listener { get; }

    /// <summary>With <see cref="InitSettings.StopBeforeInit"/>: the container is complete, only its init is not yet running.</summary>
    public LaunchSignal? Ready { get; }

    /// <summary>With <see cref="InitSettings.StopBeforeInit"/>: where the process waits before it becomes init.</summary>
    public LaunchGate? InitGate { get; }

    /// <summary>Builds the plan.</summary>
    public static InitPlan Build(InitSettings settings) => new(settings);

    /// <inheritdoc/>
    public void Dispose() => Plan.Dispose();

    private static SystemMounts AddOwnSurroundings(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        if (settings.TimeNamespace)
            AddEnterOwnTime(plan);
        plan.AddBecome(0, 0);
        // Only at a gate does it notice by itself that the host's command was killed; in between the next command would take it for running.
        // After the change of ids, which takes such a wish back (prctl(2)).
        plan.Add("end with", "the command that starts it", Syscall.PrCtl, SetParentDeathSignal, SignalKill);
        plan.Add("start", "a session", Syscall.SetSid);
        plan.Add(StepMode.Optional, "join", "a session keyring of its own", Syscall.Keyctl, KeyctlJoinSessionKeyring, 0);
        AddLoopback(plan);
        plan.Add("set", "the file mode mask", Syscall.UMask, 0x12 /* 022 */);
        return SystemMounts.Add(plan, root, settings);
    }

    // Newer kernels do it at the exec; 6.1 does not.
    private static void AddEnterOwnTime(LaunchPlan plan)
    {
        const string path = "/proc/self/ns/time_for_children";
        var own = plan.Add("open", path, Syscall.OpenAt, Files.CurrentDirectory, path, Files.NativeFlags(OpenFlags.ReadOnly));
        plan.Add("enter", "its time namespace", Syscall.SetNs, own, (long)CloneFlags.NewTime);
        plan.Add("close", "its time namespace", Syscall.Close, own);
    }

    private static FilterListener? AddRest(LaunchPlan plan, PlanArgument root, SystemMounts mounts, InitSettings settings)
    {
        plan.Add("outlive", "the command that starts it", Syscall.PrCtl, SetParentDeathSignal, 0);
        plan.Add("create", "a cgroup namespace", Syscall.Unshare, (long)CloneFlags.NewCgroup);
        mounts.AddPlaced(plan, root, settings);
        AddChangeRoot(plan, root, settings);
        plan.Add("set host name", settings.HostName, Syscall.SetHostName, settings.HostName, System.Text.Encoding.UTF8.GetByteCount(settings.HostName));
        AddStreams(plan, settings);
        foreach (var (limit, pair) in settings.Limits)
            plan.AddLimit(limit, pair);
        plan.AddBoundingSet(settings.Capabilities, settings.LastCapability);
        var listener = FilterListener.Add(plan, settings.SystemCallFilter, settings.HasListener);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        return listener;
    }

    private static PlanArgument AddRootTree(LaunchPlan plan, InitSettings settings)
    {
        // Nothing that is mounted here is seen by the host, nor the other way round.
        plan.Add("make private", "all mounts", Syscall.Mount, 0, "/", 0, MountRecursivePrivate, 0);
        var outer = plan.AddOpenDirectory(settings.Root);
        var tree = settings.RootTree is { } prepared ? prepared : AddCloneRoot(plan, settings.Root);
        plan.AddAttach(tree, outer, settings.Root);
        // The descriptor stays that of the tree's root: everything below it is reached from there.
        return tree;
    }

    private static void AddChangeRoot(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        plan.Add("go to", settings.Root, Syscall.FChDir, root);
        // pivot_root(2), "pivot_root(".", ".")": the old root ends up under the new one and is taken away by the next step.
        plan.Add("change root to", settings.Root, Syscall.PivotRoot, ".", ".");
        plan.Add("take away", "the host's mounts", Syscall.Umount2, ".", MountConstants.UnmountDetach);
        plan.Add("go to", "/", Syscall.ChDir, "/");
    }

    private static PlanArgument AddCloneRoot(LaunchPlan plan, string root)
        => plan.Add(
            "take a copy of the mount at", root, Syscall.OpenTree, Files.CurrentDirectory, root,
            MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec | MountConstants.AtRecursive);

    // netdevice(7): the loopback device of a new network namespace is down.
    private static void AddLoopback(LaunchPlan plan)
    {
        const int AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0x80000, SIOCSIFFLAGS = 0x8914, sizeOfName = 16;
        const short IFF_UP = 1;
        var request = new byte[40];
        "lo"u8.CopyTo(request);
        BitConverter.TryWriteBytes(request.AsSpan(sizeOfName), IFF_UP);
        var socket = plan.Add("open", "a socket", Syscall.Socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        plan.Add("bring up", "the loopback device", Syscall.IoCtl, socket, SIOCSIFFLAGS, request);
        plan.Add("close", "the socket", Syscall.Close, socket);
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
