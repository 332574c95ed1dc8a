using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Cgroups;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Counts the tasks of containers that run, wait for a processor or wait for a device. The kernel does the counting: by a BPF program over all tasks at
/// once; without BPF, of v1 groups, by its TASKSTATS. Where it does neither, the processors that a container kept busy are counted.
/// </summary>
internal sealed class ActiveTasks : IDisposable
{
    private readonly EngineContext _engine;
    private readonly TaskStatsSocket? _kernel;
    private readonly ActiveTaskProgram? _program;
    private readonly Dictionary<Ctid, (long Total, long At)> _used = [];
    private IReadOnlyDictionary<uint, int> _byNamespace = new Dictionary<uint, int>();

    /// <summary>Finds out how this host counts.</summary>
    public ActiveTasks(EngineContext engine)
    {
        _engine = engine;
        _program = ActiveTaskProgram.TryLoad(engine.Layout);
        if (_program is null && engine.Cgroups.World.Find(CgroupController.CpuAcct) is { IsUnified: false })
            _kernel = TaskStatsSocket.TryOpen();
    }

    /// <summary>Counts once for all containers, where that is how it is done.</summary>
    public void Begin()
    {
        if (_program is not null)
            _byNamespace = _program.Count();
    }

    /// <summary>Those of one container.</summary>
    public double Of(ContainerView view)
    {
        try
        {
            if (_kernel is not null)
                return CountGroup(view);
            return _program is null ? BusyProcessors(view) : _byNamespace.GetValueOrDefault(view.PidNamespace);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return 0; // It has just ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kernel?.Dispose();
        _program?.Dispose();
    }

    private double CountGroup(ContainerView view)
    {
        var hierarchy = _engine.Cgroups.World.Find(CgroupController.CpuAcct)!;
        using var directory = Files.Open(view.Group.PathIn(hierarchy), OpenFlags.Directory);
        var counts = _kernel!.Count(directory, view.Group.Name);
        return counts.Running + counts.Uninterruptible;
    }

    private double BusyProcessors(ContainerView view)
    {
        var now = (Total: view.Group.ReadCpuUsage()?.Total ?? 0, At: Environment.TickCount64);
        var before = _used.GetValueOrDefault(view.Ctid, now);
        _used[view.Ctid] = now;
        // Microseconds in milliseconds; another start of the container begins at 0.
        return now.At == before.At || now.Total < before.Total ? 0 : (now.Total - before.Total) / 1000.0 / (now.At - before.At);
    }
}
