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

    /// <summary>
    /// Sockets in the network namespaces of several processes, made by one thread that goes from one to the next.
    /// </summary>
    /// <param name="pids">The processes.</param>
    /// <param name="family">As socket(2) takes them.</param>
    /// <param name="type">SOCK_RAW; close-on-exec is added.</param>
    /// <param name="protocol">Of the family.</param>
    /// <returns>A socket for each process; null where the process has ended.</returns>
    /// <exception cref="LinuxException">EAGAIN: no thread can be had. EMFILE: too many processes at once. Others: as setns(2) and socket(2) say.</exception>
    public static IReadOnlyList<FileDescriptor?> OpenSockets(IReadOnlyList<int> pids, int family, int type, int protocol)
    {
        var sockets = new FileDescriptor?[pids.Count];
        try
        {
            Visitor.Run("visit network namespaces", () =>
            {
                for (var i = 0; i < pids.Count; i++)
                {
                    var file = $"/proc/{pids[i]}/ns/net";
                    var opened = Files.TryOpenAt(Files.CurrentDirectory, file, OpenFlags.ReadOnly);
                    if (Kernel.ErrnoOf(opened) is Errno.ENOENT or Errno.ESRCH)
                        continue;
                    using var target = new FileDescriptor((int)Kernel.Check(opened, "open", file));
                    sockets[i] = OpenSocketIn(target, file, family, type, protocol);
                }
            });
            return sockets;
        }
        catch
        {
            foreach (var socket in sockets)
                socket?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A route netlink socket in the network namespace that a file stands for: /proc/PID/ns/net, or where that is mounted. Other than that of
    /// <see cref="OpenNetlinkSocket"/> it is the host's root's, who may move links from there to the host.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT: there is no such file.</exception>
    public static FileDescriptor OpenHostSocket(string file)
    {
        const int AF_NETLINK = 16, SOCK_RAW = 3, NETLINK_ROUTE = 0;
        using var target = Files.Open(file, OpenFlags.ReadOnly);
        FileDescriptor? socket = null;
        Visitor.Run("visit a network namespace", () => socket = OpenSocketIn(target, file, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
        return socket!;
    }

    // By a visitor only.
    private static FileDescriptor OpenSocketIn(FileDescriptor network, string file, int family, int type, int protocol)
    {
        const int SOCK_CLOEXEC = 0x80000;
        Kernel.Check(Kernel.Call(Syscall.SetNs, network.Number, (nint)CloneFlags.NewNet), "enter", $"the network namespace {file}");
        var socket = Kernel.Call(Syscall.Socket, family, type | SOCK_CLOEXEC, protocol);
        return new FileDescriptor((int)Kernel.Check(socket, "open a socket in", $"the network namespace {file}"));
    }
}
