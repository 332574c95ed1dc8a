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
    private readonly LoadFile _loadFile = new(Path.Combine(engine.Layout.RunDirectory, LoadFileName));
    private Dictionary<(Ctid Ctid, long Start), LoadAverage>? _keptLoad;

    /// <summary>In RUNDIR: load averages for the next process of the daemon.</summary>
    public const string LoadFileName = "insulad.load";

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
        var views = new List<ContainerView>();
        foreach (var ctid in engine.Runtime.Started())
        {
            if (FindView(ctid) is not { } view)
                continue;
            view.AddLoad(activeTasks(view));
            views.Add(view);
        }
        _loadFile.Write(views);
        // Those that were sampled ran a moment ago.
        if (_known.Count > views.Count)
            ForgetEnded();
        foreach (var (ctid, (_, lookedAt)) in _starting)
        {
            if (Environment.TickCount64 - lookedAt >= OwnerStays)
                _starting.TryRemove(ctid, out _);
        }
    }

    private void ForgetEnded()
    {
        foreach (var (ctid, container) in _known)
        {
            if (!container.Runs())
                _known.TryRemove(new KeyValuePair<Ctid, RunningContainer>(ctid, container));
        }
    }

    private ContainerView? FindView(Ctid ctid)
    {
        if (_known.TryGetValue(ctid, out var known) && known.Runs())
            return known.View;
        // That one does not run is never remembered: it may be starting.
        if (engine.Runtime.TryOpenInit(ctid) is not { } init)
            return null;
        if (MakeView(ctid, init) is not { } view)
        {
            init.Dispose();
            return null;
        }
        _known[ctid] = new RunningContainer(init, view);
        return view;
    }

    private ContainerView? MakeView(Ctid ctid, PidFd init)
    {
        if (engine.Store.TryLoad(ctid) is not { } config || ProcessStatus.TryReadStartTime(init.Pid) is not { } start)
            return null;
        var view = new ContainerView(new ContainerContext(engine, config), start / (double)TicksPerSecond, NamespaceOf(init.Pid));
        _keptLoad ??= _loadFile.Read();
        if (_keptLoad.TryGetValue((ctid, view.Start), out var load))
            view.LoadAverage = load;
        return view;
    }

    // /proc/PID/ns/pid -> pid:[4026532441]
    private static uint NamespaceOf(int pid)
    {
        try
        {
            var target = new FileInfo($"/proc/{pid}/ns/pid").LinkTarget ?? "";
            return uint.TryParse(target.AsSpan().TrimStart("pid:[").TrimEnd(']'), out var number) ? number : 0;
        }
        catch (IOException)
        {
            return 0; // It has just ended.
        }
    }
}
