using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Cgroups;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>Samples the containers' active tasks for their load averages.</summary>
/// <param name="engine">The host's containers.</param>
/// <param name="views">Those that are looked at.</param>
internal sealed class LoadSampler(EngineContext engine, ContainerViews views) : IDisposable
{
    private readonly TaskStatsSocket? _kernel = TaskStatsSocket.TryOpen();
    private readonly Lock _sampling = new();
    private Timer? _timer;

    /// <summary>Samples every five seconds from now on.</summary>
    public void Start() => _timer = new Timer(_ => Sample(), null, LoadAverage.Interval, LoadAverage.Interval);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _kernel?.Dispose();
    }

    private void Sample()
    {
        // The next tick comes on another thread if this one takes long.
        lock (_sampling)
            views.SampleLoad(ActiveTasks);
    }

    private double ActiveTasks(ContainerView view)
    {
        var group = view.Group;
        if (_kernel is null || engine.Cgroups.World.Find(CgroupController.CpuAcct) is not { IsUnified: false } hierarchy)
            return 0;
        try
        {
            using var directory = Files.Open(group.PathIn(hierarchy), OpenFlags.Directory);
            var counts = _kernel.Count(directory, group.Name);
            return counts.Running + counts.Uninterruptible;
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return 0; // It has just ended.
        }
    }
}
