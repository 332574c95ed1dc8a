using Insula.Linux.Launch;
using Insula.Linux.Polling;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>Programs that the daemon starts, each in a session of its own, so that nothing that ends the daemon ends them.</summary>
/// <param name="loop">Where their ends are waited for.</param>
internal sealed class ChildProcesses(EventLoop loop)
{
    private const int FirstPrivateDescriptor = 3;

    /// <summary>Starts a program; what it writes goes where the daemon's messages go.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments, its name first.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="longest">After this time it is killed with its children; null: never.</param>
    /// <param name="done">Gets its exit code, or 128 plus the signal.</param>
    /// <exception cref="LinuxException">It cannot be executed.</exception>
    public void Start(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, TimeSpan? longest, Action<int> done)
    {
        var child = Launch(program, arguments, environment);
        var running = true;
        loop.Add(child.PidFd.Descriptor, PollEvents.Input, _ =>
        {
            running = false;
            loop.Remove(child.PidFd.Descriptor);
            var code = child.PidFd.Wait().ShellCode;
            child.Dispose();
            done(code);
        });
        if (longest is { } limit)
        {
            loop.After(limit, () =>
            {
                // Its process group: it made a session. The child is not reaped yet, so the number is still its own.
                if (running)
                    Kernel.Call(Syscall.Kill, -child.Pid, 9);
            });
        }
    }

    private static LaunchedProcess Launch(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadOnly);
        using var plan = new LaunchPlan();
        plan.Add("start", "a session", Syscall.SetSid);
        plan.Add("go to", "/", Syscall.ChDir, "/");
        plan.AddStandardStreams(nothing, 2, 2);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(FirstPrivateDescriptor);
        plan.AddExecuteFirst([(program, arguments)], environment);
        var child = Launcher.Start(plan, CloneFlags.None);
        try
        {
            child.AwaitExec();
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }
}
