using Insula.Engine.Host;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>Holds what must not be lost, and sees to it that a worker answers. It does so little that it has nothing to die of.</summary>
/// <param name="served">What is served.</param>
/// <param name="layout">Whose containers.</param>
/// <param name="reporter">Where to say what happens.</param>
internal sealed class Keeper(ServedConnection served, HostLayout layout, IReporter reporter)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QuickDeath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A request that is being answered for so many looks is not going to be: 1.25 s. A machine that is only slow gets longer each time.
    private const int PatienceAtFirst = 5, MostPatience = 40;

    private const int SignalContinue = 18, SignalTerminate = 15;

    private int _patience = PatienceAtFirst;

    /// <summary>Runs until it is asked to end or the file system is unmounted everywhere.</summary>
    public void Run(CancellationToken stop)
    {
        using var slots = SharedSlots.Adopt(served.Requests.Duplicate());
        using var log = FileDescriptor.DuplicateOf(2);
        var pause = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            var started = Environment.TickCount64;
            using var worker = WorkerProcess.Start(served, layout, log);
            if (Watch(worker, slots, stop) is not { } end)
                return;
            if (end is { BySignal: false, Code: 0 })
                return;
            reporter.Warning($"The worker {worker.Process.Pid} ended ({(end.BySignal ? "signal" : "code")} {end.Code}); starting another");
            // One that dies at once, again and again, must not take a whole processor.
            pause = Environment.TickCount64 - started < QuickDeath.TotalMilliseconds ? Min((pause * 2) + TimeSpan.FromMilliseconds(10), LongestPause) : TimeSpan.Zero;
            stop.WaitHandle.WaitOne(pause);
        }
    }

    // How it ended; null when this process was asked to end, and has ended it.
    private Insula.Linux.Processes.WaitStatus? Watch(WorkerProcess worker, SharedSlots slots, CancellationToken stop)
    {
        var hang = new HangWatch(slots);
        while (!worker.Process.WaitEnd(Look))
        {
            if (stop.IsCancellationRequested)
            {
                End(worker);
                return null;
            }
            if (worker.IsStopped)
            {
                reporter.Warning($"The worker {worker.Process.Pid} was stopped by a signal; letting it go on");
                worker.Process.Signal(SignalContinue);
            }
            if (hang.Look() >= _patience)
            {
                reporter.Warning($"The worker {worker.Process.Pid} does not answer; replacing it");
                worker.Process.Kill();
                _patience = Math.Min(_patience * 2, MostPatience);
            }
        }
        return worker.Process.Wait();
    }

    private static void End(WorkerProcess worker)
    {
        worker.Process.Signal(SignalTerminate);
        if (!worker.Process.WaitEnd(TimeSpan.FromSeconds(1)))
            worker.Process.Kill();
        worker.Process.Wait();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
