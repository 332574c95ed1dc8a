using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>Steps with which a plan enters the namespaces of a running process.</summary>
public static class NamespaceEntry
{
    /// <summary>The namespaces every container has of its own; a time namespace is an option.</summary>
    public const CloneFlags All = CloneFlags.NewUser | CloneFlags.NewMount | CloneFlags.NewPid | CloneFlags.NewNet
        | CloneFlags.NewIpc | CloneFlags.NewUts | CloneFlags.NewCgroup;

    /// <summary>
    /// Joins every namespace of <paramref name="target"/> (setns(2) on a pidfd, Linux 5.8) and becomes its root. The pid namespace
    /// is entered by the next child only: <see cref="AddFork"/>.
    /// </summary>
    public static void AddJoinAll(this LaunchPlan plan, PidFd target, CloneFlags namespaces = All)
        => plan.Add("join the namespaces of process", $"{target.Pid}", Syscall.SetNs, target.Descriptor, (long)namespaces);

    /// <summary>
    /// Clones once more with the same parent (CLONE_PARENT), so that the program that runs in the joined pid namespace is a child
    /// of the process that started the plan. Its pid is the step's result.
    /// </summary>
    public static PlanResult AddFork(this LaunchPlan plan)
    {
        // clone(2) with raw flags: memory stays shared, the child gets this process's signals and dies with SIGCHLD to the parent.
        const int SignalChild = 17;
        return plan.Add(
            StepMode.Fork, "create a process in", "the joined pid namespace", Syscall.Clone,
            (long)(CloneFlags.SharedMemory | CloneFlags.SameParent) | SignalChild, 0, 0, 0, 0);
    }

    /// <summary>
    /// A route netlink socket that lives in the network namespace of <paramref name="target"/>, made there by a short-lived child
    /// and fetched from it: no thread of this process ever changes its namespace.
    /// </summary>
    public static FileDescriptor OpenNetlinkSocket(PidFd target)
    {
        const int AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, NETLINK_ROUTE = 0;
        using var plan = new LaunchPlan();
        plan.AddJoinAll(target, CloneFlags.NewUser | CloneFlags.NewNet);
        var socket = plan.Add("open a netlink socket in", "the network namespace", Syscall.Socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        var opened = plan.AddSignal();
        plan.AddGate();
        using var child = Launcher.Start(plan, CloneFlags.None);
        try
        {
            child.Await(opened);
            return child.PidFd.GetDescriptor((int)socket.Value);
        }
        finally
        {
            child.KillAndReap();
        }
    }
}
