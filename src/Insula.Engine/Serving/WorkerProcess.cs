using Insula.Engine.Host;
using Insula.Linux.Fuse;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>The worker, as the keeper sees it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly FileDescriptor _life;

    private WorkerProcess(PidFd process, FileDescriptor life)
    {
        Process = process;
        _life = life;
    }

    /// <summary>The process.</summary>
    public PidFd Process { get; }

    /// <summary>True while it is stopped by a signal: <c>T</c> in /proc/PID/stat.</summary>
    public bool IsStopped => ProcessStatus.TryReadState(Process.Pid) is 'T' or 't';

    /// <summary>Starts a worker. It learns of this process's death by the end of a pipe.</summary>
    /// <param name="served">What it serves.</param>
    /// <param name="layout">Whose containers.</param>
    /// <param name="log">Where it writes what it has to say.</param>
    public static WorkerProcess Start(ServedConnection served, HostLayout layout, FileDescriptor log)
    {
        const int F_SETFD = 2;
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
            using var plan = new LaunchPlan();
            plan.AddStandardStreams(nothing, log, log);
            plan.AddFreshSignals();
            plan.AddCloseOnExecFrom(3);
            foreach (var kept in served.Descriptors.All.Select(entry => entry.Value).Append(reader))
                plan.Add("keep", $"descriptor {kept.Number}", Syscall.FCntl, kept.Number, F_SETFD, 0);
            var role = DaemonRole.Of(DaemonKind.Worker, served.Descriptors, reader.Number);
            plan.AddExecuteFirst([("/proc/self/exe", role.Arguments())], Environment(layout));
            var child = Launcher.Start(plan, CloneFlags.None);
            child.AwaitExec();
            return new WorkerProcess(child.PidFd, writer);
        }
    }

    /// <summary>Tells it to be the keeper from now on, because this process ends.</summary>
    public void LeaveAlone() => Files.WriteAll(_life, "L"u8, "the worker's pipe");

    /// <summary>The environment of every process of the daemon.</summary>
    public static IReadOnlyList<string> Environment(HostLayout layout)
        => [Execution.ProgramRunner.PathVariable, $"{HostLayout.ConfigDirectoryVariable}={layout.ConfigDirectory}"];

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        _life.Dispose();
    }
}
