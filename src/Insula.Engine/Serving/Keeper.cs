using Insula.Engine.Containers;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>Holds what must not be lost, and sees to it that a worker answers. It does so little that it has nothing to die of.</summary>
/// <param name="served">What is served.</param>
/// <param name="engine">Whose containers.</param>
/// <param name="leaving">True to end by itself as soon as no container runs.</param>
internal sealed class Keeper(ServedConnection served, EngineContext engine, bool leaving) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QuickDeath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A request that is being answered for so many looks is not going to be: 1.25 s. A machine that is only slow gets longer each time.
    private const int PatienceAtFirst = 5, MostPatience = 40;
    private const int LooksBetweenCounts = 8;

    // A worker that has just been started finds requests to answer before it has got going: 4 s.
    private const int LooksToGetGoing = 16;

    private const int SignalContinue = 18;

    // One that waits in the kernel outlives even SIGKILL, for ever if it waits for an answer that only its successor can give.
    private static readonly TimeSpan LongestDeath = TimeSpan.FromSeconds(1);

    private readonly DaemonFiles _files = new(engine.Layout);
    private readonly List<WorkerProcess> _dying = [];
    private int _patience = PatienceAtFirst;
    private FileDescriptor? _ending;

    /// <inheritdoc/>
    public void Dispose() => _ending?.Dispose();

    /// <summary>Runs until it is asked to end or to make way, or until the file system is unmounted everywhere.</summary>
    public KeeperEnd Run(DaemonRequests requests)
    {
        using var slots = SharedSlots.Adopt(served.Requests.Duplicate());
        using var question = ListenerStore.OpenSlot(served.Descriptors);
        using var log = FileDescriptor.DuplicateOf(2);
        var pause = TimeSpan.Zero;
        while (true)
        {
            var started = Environment.TickCount64;
            var worker = WorkerProcess.Start(served, engine.Layout, log);
            _dying.Add(worker);
            if (Watch(worker, [new HangWatch(SharedSlots.Threads, slots.AnsweredBy), new HangWatch(1, _ => question.Waiting)], requests) is { } asked)
                return asked;
            if (worker.Process.HasEnded)
            {
                var end = worker.Process.Wait();
                if (end is { BySignal: false, Code: 0 })
                    return KeeperEnd.Ended;
                engine.Reporter.Warning($"The worker {worker.Process.Pid} ended ({(end.BySignal ? "signal" : "code")} {end.Code}); starting another");
                Forget(worker);
            }
            foreach (var dead in _dying.Where(other => other.Process.TryReap() != null).ToList())
                Forget(dead);
            // One that dies at once, again and again, must not take a whole processor.
            pause = Environment.TickCount64 - started < QuickDeath.TotalMilliseconds ? Min((pause * 2) + TimeSpan.FromMilliseconds(10), LongestPause) : TimeSpan.Zero;
            requests.Wait(pause);
        }
    }

    private void Forget(WorkerProcess worker)
    {
        _dying.Remove(worker);
        worker.Dispose();
    }

    // Null: the worker has ended by itself, or is not going to answer any more.
    private KeeperEnd? Watch(WorkerProcess worker, HangWatch[] hangs, DaemonRequests requests)
    {
        for (var looks = 1; !worker.Process.WaitEnd(Look); looks++)
        {
            if (requests.MakeWay)
                return EndWorker(worker, KeeperEnd.MadeWay);
            if (requests.Stop || (leaving && looks % LooksBetweenCounts == 0))
            {
                if (!IsNeeded())
                    return EndWorker(worker, KeeperEnd.Ended);
                if (requests.Stop)
                    return Leave(worker);
            }
            if (worker.IsStopped)
            {
                engine.Reporter.Warning($"The worker {worker.Process.Pid} was stopped by a signal; letting it go on");
                worker.Process.Signal(SignalContinue);
            }
            if (hangs.Max(hang => hang.Look()) >= _patience && looks > LooksToGetGoing)
            {
                engine.Reporter.Warning($"The worker {worker.Process.Pid} does not answer; replacing it");
                worker.Process.Kill();
                _patience = Math.Min(_patience * 2, MostPatience);
                if (!worker.Process.WaitEnd(LongestDeath))
                {
                    engine.Reporter.Warning($"The worker {worker.Process.Pid} waits in the kernel and cannot die yet; starting another beside it");
                    return null;
                }
            }
        }
        return null;
    }

    // A running container has files mounted that nobody could ever serve again, and so has one that is just being started. If there is none, none is
    // started before this process has ended.
    private bool IsNeeded()
    {
        var alone = StartGuard.TryTakeAlone(_files);
        if (alone is not null && !engine.Runtime.Started().Any(engine.Runtime.IsRunning))
        {
            _ending = alone;
            return false;
        }
        alone?.Dispose();
        return true;
    }

    private KeeperEnd Leave(WorkerProcess worker)
    {
        engine.Reporter.Warning("Containers run, and read files that this daemon serves; it goes on in the background until the last one has stopped");
        worker.LeaveAlone();
        return KeeperEnd.Left;
    }

    // What it was answering is in the slots and is answered by the next one.
    private static KeeperEnd EndWorker(WorkerProcess worker, KeeperEnd end)
    {
        worker.Process.Kill();
        worker.Process.Wait();
        return end;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
