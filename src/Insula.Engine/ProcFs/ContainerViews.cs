using System.Collections.Concurrent;
using Insula.Engine.Containers;

namespace Insula.Engine.ProcFs;

/// <summary>
/// The running containers of this host. Whether one runs is looked at again after a second, by whoever asks for it; nothing is done for
/// containers that nobody asks for.
/// </summary>
/// <param name="engine">The host's containers.</param>
public sealed class ContainerViews(EngineContext engine) : IContainerViews
{
    private const long LookAgainAfter = 1000; // milliseconds

    private readonly ConcurrentDictionary<Ctid, Known> _known = new();

    private sealed record Known(ContainerView? View, double? StartedAt, long LookedAt);

    /// <inheritdoc/>
    public IContainerView? Find(Ctid ctid)
    {
        // That one does not run is never remembered: it may be starting, and its first process is about to mount these files.
        if (_known.TryGetValue(ctid, out var known) && known.View is not null && Environment.TickCount64 - known.LookedAt < LookAgainAfter)
            return known.View;
        return Look(ctid, known).View;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Ctid> List() => [.. engine.Runtime.List().Where(ctid => Find(ctid) is not null)];

    /// <summary>Takes a sample of every running container's active tasks into its load average.</summary>
    /// <param name="activeTasks">Counts the tasks of a container that run or wait, see <see cref="LoadAverage"/>.</param>
    public void SampleLoad(Func<Ctid, double> activeTasks)
    {
        foreach (var ctid in List())
        {
            if (_known.TryGetValue(ctid, out var known))
                known.View?.AddLoad(activeTasks(ctid));
        }
    }

    private Known Look(Ctid ctid, Known? known)
    {
        var startedAt = engine.Runtime.StartedAt(ctid);
        var view = known?.View;
        // A container that was started anew begins at zero.
        if (startedAt is not { } since)
            view = null;
        else if (view is null || known!.StartedAt != since)
            view = engine.Store.TryLoad(ctid) is { } config ? new ContainerView(new ContainerContext(engine, config), since) : null;
        var looked = new Known(view, startedAt, Environment.TickCount64);
        if (view is null)
            _known.TryRemove(ctid, out _);
        else
            _known[ctid] = looked;
        return looked;
    }
}
