using Insula.Engine.Containers;
using Insula.Engine.ProcFs;

namespace Insula.Engine.Serving;

/// <summary>Samples the containers' active tasks for their load averages, and has what nobody reads forgotten.</summary>
/// <param name="engine">The host's containers.</param>
/// <param name="views">Those that are looked at.</param>
/// <param name="tree">What is served.</param>
internal sealed class LoadSampler(EngineContext engine, ContainerViews views, ProcTree tree) : IDisposable
{
    private readonly ActiveTasks _active = new(engine);
    private readonly Lock _sampling = new();
    private Timer? _timer;

    /// <summary>Samples every five seconds from now on.</summary>
    public void Start() => _timer = new Timer(_ => Sample(), null, LoadAverage.Interval, LoadAverage.Interval);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _active.Dispose();
    }

    private void Sample()
    {
        // The next tick comes on another thread if this one takes long.
        lock (_sampling)
        {
            try
            {
                _active.Begin();
                views.SampleLoad(_active.Of);
                tree.Tidy();
            }
            catch (Exception error) when (error is InsulaException or Insula.Linux.Syscalls.LinuxException or IOException)
            {
                engine.Reporter.Error($"The load averages are not sampled this time: {error.Message}");
            }
        }
    }
}
