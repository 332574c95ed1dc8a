using Insula.Linux.Polling;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// One thread that does a little whenever a descriptor is ready or a time has come. Nothing that it calls may wait. All members but
/// <see cref="Stop"/> belong to that thread.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private readonly PollSet _set = new();
    private readonly Wakeup _stop = new();
    private readonly Dictionary<int, (FileDescriptor Descriptor, Action<PollEvents> Ready)> _watched = [];
    private readonly PriorityQueue<Action, long> _timers = new();
    private readonly List<(int Descriptor, PollEvents Events)> _ready = [];
    private volatile bool _stopping;

    public EventLoop() => Add(_stop.Descriptor, PollEvents.Input, _ => _stop.Clear());

    /// <summary>Calls whenever a descriptor is ready. It must be removed before it is closed.</summary>
    public void Add(FileDescriptor descriptor, PollEvents events, Action<PollEvents> ready)
    {
        _set.Add(descriptor, events);
        _watched.Add(descriptor.Number, (descriptor, ready));
    }

    /// <summary>Changes what a descriptor is waited for.</summary>
    public void Change(FileDescriptor descriptor, PollEvents events) => _set.Change(descriptor, events);

    /// <summary>Waits for it no more.</summary>
    public void Remove(FileDescriptor descriptor)
    {
        if (_watched.Remove(descriptor.Number))
            _set.Remove(descriptor);
    }

    /// <summary>Calls once, after a while.</summary>
    public void After(TimeSpan delay, Action action)
        => _timers.Enqueue(action, Environment.TickCount64 + (long)Math.Max(0, delay.TotalMilliseconds));

    /// <summary>Calls again and again.</summary>
    public void Every(TimeSpan interval, Action action)
        => After(interval, () =>
        {
            Every(interval, action);
            action();
        });

    /// <summary>Runs until it is stopped.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            _set.Wait(UntilNextTimer(), _ready);
            foreach (var (number, events) in _ready)
            {
                // One that was called before may have removed it.
                if (_watched.TryGetValue(number, out var watched))
                    watched.Ready(events);
            }
            while (_timers.TryPeek(out var action, out var due) && due <= Environment.TickCount64)
            {
                _timers.Dequeue();
                action();
            }
        }
    }

    /// <summary>Lets <see cref="Run"/> return; for any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _stop.Raise();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _set.Dispose();
        _stop.Dispose();
    }

    private int UntilNextTimer()
        => _timers.TryPeek(out _, out var due) ? (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue) : -1;
}
