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
    /// <exception cref="LinuxException">A step failed. <see cref="CodeOf"/> tells what exec returns for it.</exception>
    public static ContainerProgram Start(JoinSettings settings, Action<int> place)
    {
        JoinPlan.ProtectThisProcess();
        using var join = JoinPlan.Build(settings);
        using var door = Launcher.Start(join.Plan, CloneFlags.None, ownMemory: settings.TimeNamespace);
        var running = false;
        try
        {
            place(door.Pid);
            join.Gate.Open();
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
