using System.Collections.Concurrent;
using Insula.Engine.Containers;
using Insula.Linux.Processes;

namespace Insula.Engine.ProcFs;

/// <summary>The running containers of this host. Nothing is done for containers that nobody asks for, but that their load averages are kept.</summary>
/// <param name="engine">The host's containers.</param>
public sealed class ContainerViews(EngineContext engine) : IContainerViews
{
    private const int TicksPerSecond = 100; // USER_HZ
    private const long OwnerStays = 1000; // milliseconds

    private readonly ConcurrentDictionary<Ctid, RunningContainer> _known = new();
    private readonly ConcurrentDictionary<Ctid, (ContainerOwner Owner, long LookedAt)> _starting = new();

    /// <inheritdoc/>
    public IContainerView? Find(Ctid ctid) => FindView(ctid);

    /// <inheritdoc/>
    public ContainerOwner? OwnerOf(Ctid ctid)
    {
        if (_known.TryGetValue(ctid, out var known) && known.Runs())
            return known.View.Owner;
        // The first process of a start asks for each file, one after the other.
        if (_starting.TryGetValue(ctid, out var seen) && Environment.TickCount64 - seen.LookedAt < OwnerStays)
            return seen.Owner;
        _starting.TryRemove(ctid, out _);
        if (engine.Store.TryLoad(ctid) is not { } config || IdRangeAllocator.RangeOf(config) is not { } range)
            return null;
        var owner = new ContainerOwner(range.FirstUid, range.FirstGid);
        _starting[ctid] = (owner, Environment.TickCount64);
        return owner;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Ctid> List() => [.. engine.Runtime.Started().Where(ctid => FindView(ctid) is not null)];

    /// <summary>Takes a sample of every running container's active tasks into its load average.</summary>
    /// <param name="activeTasks">Counts the tasks of a container that run or wait, see <see cref="LoadAverage"/>.</param>
    internal void SampleLoad(Func<ContainerView, double> activeTasks)
    {
        foreach (var ctid in engine.Runtime.Started())
        {
            if (FindView(ctid) is { } view)
                view.AddLoad(activeTasks(view));
        }
        foreach (var (ctid, container) in _known)
        {
            if (!container.Runs())
                _known.TryRemove(new KeyValuePair<Ctid, RunningContainer>(ctid, container));
        }
        foreach (var (ctid, (_, lookedAt)) in _starting)
        {
            if (Environment.TickCount64 - lookedAt >= OwnerStays)
                _starting.TryRemove(ctid, out _);
        }
    }

    private ContainerView? FindView(Ctid ctid)
    {
        if (_known.TryGetValue(ctid, out var known) && known.Runs())
            return known.View;
        // That one does not run is never remembered: it may be starting.
        if (engine.Runtime.TryOpenInit(ctid) is not { } init)
            return null;
        if (engine.Store.TryLoad(ctid) is not { } config || ProcessStatus.TryReadStartTime(init.Pid) is not { } start)
        {
            init.Dispose();
            return null;
        }
        var found = new RunningContainer(init, new ContainerView(new ContainerContext(engine, config), start / (double)TicksPerSecond));
        _known[ctid] = found;
        return found.View;
    }
}
