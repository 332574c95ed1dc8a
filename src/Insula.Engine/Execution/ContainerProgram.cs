using Insula.Engine.Isolation;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Execution;

/// <summary>A further program in a running container.</summary>
internal sealed class ContainerProgram : IDisposable
{
    private const int NotExecutable = 126, NotFound = 127;

    private ContainerProgram(PidFd process) => Process = process;

    /// <summary>The program's process, a child of this one.</summary>
    public PidFd Process { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="settings">What, and with which streams.</param>
    /// <param name="place">Moves a process of the host, by pid, to the container's cgroups before it goes in.</param>
    /// <param name="handOver">Gives the listener of its filter to who answers, if it has one.</param>
    /// <exception cref="LinuxException">A step failed. <see cref="CodeOf"/> tells what exec returns for it.</exception>
    public static ContainerProgram Start(JoinSettings settings, Action<int> place, Action<FileDescriptor> handOver)
    {
        JoinPlan.ProtectThisProcess();
        using var join = JoinPlan.Build(settings);
        using var door = Launcher.Start(join.Plan, CloneFlags.None, ownMemory: settings.TimeNamespace);
        var running = false;
        try
        {
            place(door.Pid);
            join.Gate.Open();
            if (join.Listener is { } listener)
                HandOver(door, join, listener, handOver);
            door.AwaitExec();
            running = true;
        }
        finally
        {
            if (!running)
            {
                door.KillAndReap();
                ReapInner((int)join.Process.Value);
            }
        }
        door.PidFd.Wait();
        var pid = (int)join.Process.Value;
        return new ContainerProgram(PidFd.TryOpen(pid) ?? throw new LinuxException("find", $"process {pid}", Errno.ESRCH));
    }

    /// <summary>Waits for the program's end and gives the code a shell would.</summary>
    public int Wait() => Process.Wait().ShellCode;

    /// <summary>127 if the program is not there, 126 if it cannot be executed; null for a failure of another step.</summary>
    public static int? CodeOf(LinuxException error) => error.Action != "execute" ? null : error.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => NotFound,
        _ => NotExecutable,
    };

    public void Dispose() => Process.Dispose();

    // Before the program runs, which is not to see a call fail.
    private static void HandOver(LaunchedProcess door, JoinPlan join, FilterListener listener, Action<FileDescriptor> handOver)
    {
        PidFd? inner = null;
        using var descriptor = listener.Take(door, () => inner = InnerOf(door, join));
        using (inner)
            handOver(descriptor);
        listener.LetGo();
    }

    private static PidFd InnerOf(LaunchedProcess door, JoinPlan join)
    {
        // The process that it has made may be further on than the one at the door, which notes the pid and then ends.
        door.PidFd.WaitEnd(Timeout.InfiniteTimeSpan);
        return PidFd.TryOpen((int)join.Process.Value) ?? throw new LinuxException("find", $"process {join.Process.Value}", Errno.ESRCH);
    }

    // The child inside was not reaped when a step after the second clone failed.
    private static void ReapInner(int pid)
    {
        if (pid <= 0)
            return;
        using var inner = PidFd.TryOpen(pid);
        if (inner == null)
            return;
        inner.Kill();
        inner.Wait();
    }
}
