using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>Has containers finished that have ended, and started again that are to be; several at a time, each by a process of its own.</summary>
/// <param name="engine">The host's containers.</param>
/// <param name="loop">Where it waits.</param>
internal sealed class TaskRunner(EngineContext engine, EventLoop loop)
{
    private const int AttemptsBeforeComplaint = 3, LongestPauseShift = 6;

    // Somebody else holds the container's lock: as a rule a vzctl that is just stopping it.
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    // A vzctl stop, which ended the container, is about to clean up itself: no process is started for what it will have done by then.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly ChildProcesses _children = new(loop);
    private readonly EndRecords _records = new(engine.Layout);
    private readonly HashSet<Ctid> _busy = [];
    private readonly HashSet<Ctid> _scheduled = [];
    private readonly Queue<(WatchTask Task, int Attempt)> _waiting = new();
    private int _running;

    /// <summary>Makes the kernel note how containers end.</summary>
    /// <param name="done">Gets the exit code.</param>
    public void RecordExits(Action<int> done) => Launch(new WatchTask(WatchTaskKind.RecordExits), done);

    /// <summary>Puts back what guards the containers' links, and their firewall.</summary>
    public void GuardLinks() => Launch(new WatchTask(WatchTaskKind.GuardLinks), code =>
    {
        // Its own message says why.
        if (code != 0)
            engine.Reporter.Error("The guard of the containers' links could not be put back");
    });

    /// <summary>Keeps what has been counted of the containers' traffic. What goes wrong is said by the process itself.</summary>
    public void SaveTraffic() => Launch(new WatchTask(WatchTaskKind.SaveTraffic), _ => { });

    /// <summary>Makes the links again that hold to the containers' rates. What goes wrong is said by the process itself.</summary>
    public void RestoreRates() => Launch(new WatchTask(WatchTaskKind.RestoreRates), _ => { });

    /// <summary>Gives running containers back what they lost with a daemon that was killed.</summary>
    public void RestoreFiles() => Launch(new WatchTask(WatchTaskKind.RestoreFiles), _ => { });

    /// <summary>A container has ended.</summary>
    public void Finish(Ctid ctid, InitProcess init, ExitStatus? status)
    {
        if (_busy.Add(ctid))
            loop.After(FirstPause, () => Enqueue(new WatchTask(WatchTaskKind.Finish, ctid, init, status), 0));
    }

    /// <summary>Sees to it that a container whose restart was put off starts when it is time.</summary>
    public void ScheduleRestart(Ctid ctid)
    {
        if (_records.Find(ctid)?.Due is not { } due || !_scheduled.Add(ctid))
            return;
        loop.After(due - DateTimeOffset.UtcNow, () =>
        {
            _scheduled.Remove(ctid);
            if (_records.Find(ctid) is { Due: not null } && _busy.Add(ctid))
                Enqueue(new WatchTask(WatchTaskKind.Restart, ctid), 0);
        });
    }

    /// <summary>All of them, when the daemon starts.</summary>
    public void ScheduleRestarts()
    {
        foreach (var (ctid, _) in _records.All())
            ScheduleRestart(ctid);
    }

    private void Enqueue(WatchTask task, int attempt)
    {
        if (IsDone(task))
        {
            End(task);
            return;
        }
        _waiting.Enqueue((task, attempt));
        StartNext();
    }

    private void StartNext()
    {
        while (_running < engine.Global.ParallelStarts && _waiting.TryDequeue(out var next))
        {
            _running++;
            Launch(next.Task, code => Done(next.Task, next.Attempt, code));
        }
    }

    private void Launch(WatchTask task, Action<int> done)
    {
        try
        {
            _children.Start("/proc/self/exe", task.Arguments(), Serving.WorkerProcess.Environment(engine.Layout), null, done);
        }
        catch (LinuxException error)
        {
            engine.Reporter.Error(error.Message);
            done((int)ExitCode.SystemError);
        }
    }

    private void Done(WatchTask task, int attempt, int code)
    {
        _running--;
        StartNext();
        var locked = code == (int)ExitCode.Locked;
        if (task.Kind == WatchTaskKind.Restart ? locked : !IsDone(task))
        {
            if (!locked && attempt == AttemptsBeforeComplaint)
                engine.Reporter.Error($"CT {task.Ctid} has ended and cannot be cleaned up; going on trying, as the next command for it does");
            var pause = locked ? LockPause : TimeSpan.FromSeconds(1 << Math.Min(attempt, LongestPauseShift));
            loop.After(pause, () => Enqueue(task, locked ? attempt : attempt + 1));
            return;
        }
        End(task);
    }

    // A command may have done it.
    private bool IsDone(WatchTask task) => task.Kind == WatchTaskKind.Finish && engine.Runtime.FindNoted(task.Ctid) != task.Init;

    private void End(WatchTask task)
    {
        _busy.Remove(task.Ctid);
        ScheduleRestart(task.Ctid);
    }
}
