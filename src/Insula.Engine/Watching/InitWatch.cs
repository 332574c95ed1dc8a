using Insula.Engine.Containers;
using Insula.Linux.Polling;
using Insula.Linux.Processes;

namespace Insula.Engine.Watching;

/// <summary>Watches the first process of every container that runs, and tells of its end.</summary>
/// <param name="runtime">Which containers run.</param>
/// <param name="loop">Where it waits.</param>
/// <param name="ended">Called with the container, its init, and how that ended as far as it can be seen from outside.</param>
internal sealed class InitWatch(RuntimeState runtime, EventLoop loop, Action<Ctid, InitProcess, ExitStatus?> ended) : IDisposable
{
    private readonly Dictionary<Ctid, (InitProcess Init, PidFd Handle)> _watched = [];

    /// <summary>How many run.</summary>
    public int Count => _watched.Count;

    /// <summary>The init of a container that is watched; null if it does not run.</summary>
    public InitProcess? Find(Ctid ctid) => _watched.TryGetValue(ctid, out var watched) ? watched.Init : null;

    /// <summary>Those that are watched.</summary>
    public IEnumerable<Ctid> Containers => _watched.Keys;

    /// <summary>Finds containers that have been started meanwhile, and such that ended while nobody watched.</summary>
    public void Scan()
    {
        foreach (var ctid in runtime.Started())
            Look(ctid);
    }

    /// <summary>As <see cref="Scan"/>, for one.</summary>
    public void Look(Ctid ctid)
    {
        if (_watched.ContainsKey(ctid) || runtime.FindNoted(ctid) is not { } init)
            return;
        var handle = PidFd.TryOpen(init.Pid);
        // Opened first, compared after: what the descriptor holds cannot change any more.
        if (handle is null || ProcessStatus.TryReadStartTime(init.Pid) != init.Started)
        {
            handle?.Dispose();
            ended(ctid, init, null);
            return;
        }
        _watched.Add(ctid, (init, handle));
        loop.Add(handle.Descriptor, PollEvents.Input, _ => End(ctid));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, handle) in _watched.Values)
            handle.Dispose();
    }

    private void End(Ctid ctid)
    {
        // At once: the kernel forgets what a process's parent is told as soon as that has asked for it.
        var (init, handle) = _watched[ctid];
        var status = ProcessStatus.TryReadExit(init.Pid, init.Started) ?? handle.TryReadExit();
        _watched.Remove(ctid);
        loop.Remove(handle.Descriptor);
        handle.Dispose();
        ended(ctid, init, status);
    }
}
