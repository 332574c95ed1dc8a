using Insula.Engine.Containers;
using Insula.Engine.Serving;
using Insula.Linux.Polling;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// The part of the daemon that watches containers: notices their ends and has what follows done, reads the journal of events, runs hooks, and serves
/// the API socket. All it knows is in files and in the kernel, so one that takes another's place goes on where that was.
/// </summary>
internal sealed class Watcher : IDisposable
{
    // Events tell of starts at once; this is for what no event told of.
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestQueuePause = TimeSpan.FromSeconds(5), LongestQueuePause = TimeSpan.FromMinutes(5);

    // What a power cut may take of the traffic that was counted.
    private static readonly TimeSpan TrafficInterval = TimeSpan.FromMinutes(5);

    private readonly EngineContext _engine;
    private readonly EventLoop _loop = new();
    private readonly EventRing _ring = new();
    private readonly InitWatch _inits;
    private readonly TaskRunner _tasks;
    private readonly HookRunner _hooks;
    private readonly JournalReader _journal;
    private readonly DirectoryWatch _directory;
    private readonly ApiServer _api;
    private readonly HashSet<string> _names = [];
    private GuardWatch? _guard;
    private TimeSpan _queuePause;
    private long _nextQueue;

    /// <param name="engine">The host's containers.</param>
    /// <param name="listener">The API socket, listening.</param>
    /// <param name="information">Answers sysinfo(2).</param>
    public Watcher(EngineContext engine, FileDescriptor listener, QuestionServer information)
    {
        _engine = engine;
        _tasks = new TaskRunner(engine, _loop);
        _hooks = new HookRunner(engine, _loop);
        _inits = new InitWatch(engine.Runtime, _loop, _tasks.Finish);
        _journal = new JournalReader(engine.Layout, Take);
        _directory = new DirectoryWatch(engine.Layout.RunDirectory);
        _api = new ApiServer(listener, _loop, _ring, new ApiAnswers(() => StatusText.Write(engine, _inits, _ring, _api!.Count), information.Take));
    }

    /// <summary>Watches until <see cref="Stop"/>.</summary>
    public void Run()
    {
        if (!new ExitRecorder(_engine.Layout).IsOn)
            _tasks.RecordExits(WarnIfNotRecorded);
        if (File.Exists(new DaemonFiles(_engine.Layout).LostFile))
            _tasks.RestoreFiles();
        _journal.Open();
        _loop.Add(_directory.Descriptor, PollEvents.Input, _ => ReadDirectory());
        _api.Start();
        Scan();
        _tasks.ScheduleRestarts();
        _guard = GuardWatch.TryStart(_engine, _loop, _tasks);
        _loop.Every(ScanInterval, Scan);
        _loop.Every(TrafficInterval, SaveTraffic);
        _loop.Run();
    }

    /// <summary>Lets <see cref="Run"/> return; for any thread.</summary>
    public void Stop() => _loop.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _inits.Dispose();
        _guard?.Dispose();
        _journal.Dispose();
        _directory.Dispose();
        _loop.Dispose();
    }

    private void Scan()
    {
        ReadJournal();
        _inits.Scan();
        LookAtQueue();
    }

    // What cannot be made again is not tried, and complained of, all the time.
    private void LookAtQueue()
    {
        if (!_engine.Traffic.HasLostQueue())
        {
            _queuePause = TimeSpan.Zero;
            return;
        }
        if (Environment.TickCount64 < _nextQueue)
            return;
        _tasks.RestoreRates();
        _queuePause = TimeSpan.FromSeconds(Math.Clamp(2 * _queuePause.TotalSeconds, ShortestQueuePause.TotalSeconds, LongestQueuePause.TotalSeconds));
        _nextQueue = Environment.TickCount64 + (long)_queuePause.TotalMilliseconds;
    }

    private void SaveTraffic()
    {
        if (_engine.Traffic.IsCounting)
            _tasks.SaveTraffic();
    }

    private void ReadDirectory()
    {
        if (!_directory.Read(_names) || _names.Contains("events"))
            ReadJournal();
    }

    private void ReadJournal()
    {
        var before = _ring.Next;
        _journal.ReadNew();
        if (_ring.Next != before)
            _api.SendNew();
    }

    private void Take(long sequence, ContainerEvent? happened)
    {
        if (sequence != _ring.Next)
            _ring.Reset(sequence);
        _ring.Add(happened);
        if (happened is null)
            return;
        _hooks.Take(sequence, happened);
        if (happened.Kind == EventKind.Start)
            _inits.Look(happened.Ctid);
        else if (happened.Kind == EventKind.Delay)
            _tasks.ScheduleRestart(happened.Ctid);
    }

    private void WarnIfNotRecorded(int code)
    {
        if (code != 0)
            _engine.Reporter.Warning("This kernel does not note how containers end: a reboot is not told from another end if the container's init is reaped too soon");
    }
}
