using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Operations;

/// <summary>
/// What the daemon does for a container that has ended by itself: what a stop would have done afterwards, and a start after a reboot. Whoever has the
/// container's lock first decides: if a command has dealt with it meanwhile, nothing is left to do here.
/// </summary>
internal sealed class EndOperation(EngineContext engine, Ctid ctid)
{
    private const int TicksPerSecond = 100; // USER_HZ, fixed on the architectures Insula runs on

    private readonly EndRecords _records = new(engine.Layout);

    /// <summary>Cleans up after an init, and starts the container again if it is to be.</summary>
    /// <param name="init">The init that has ended.</param>
    /// <param name="seen">What the daemon saw of its end.</param>
    public void Finish(InitProcess init, ExitStatus? seen)
    {
        // Looked at twice: a lock that is taken for nothing would turn away the command after a `vzctl stop`.
        if (engine.Runtime.FindNoted(ctid) != init)
            return;
        using var held = ContainerLock.Take(engine.Layout, ctid, "finishing");
        if (engine.Runtime.FindNoted(ctid) != init || engine.Runtime.IsRunning(ctid))
            return;
        var container = new ContainerContext(engine, engine.Store.Load(ctid));
        // What the kernel has noted is what its parent was told; what was seen may be less.
        var end = ContainerEnd.Of(new ExitRecorder(engine.Layout).Find(init.Pid, init.Started) ?? seen);
        var policy = RestartPolicy.Decide(end, Age(init), _records.Find(ctid)?.QuickEnds ?? 0, container.Config.Get(GeneralParameters.OnCrash) == GeneralParameters.Restart);
        var now = DateTimeOffset.UtcNow;
        // First of all, so that whoever comes after a power cut of this process knows what is still to be done.
        _records.Save(ctid, new EndRecord(end, now, policy.QuickEnds, policy.Restarts ? now + policy.Delay : null));
        engine.Events.Note(ctid, end.Event, end.Detail);
        engine.Reporter.Info($"ended: {ContainerEvent.NameOf(end.Event)} {end.Detail}".TrimEnd());
        Recovery.FinishStop(container, restarts: policy.Restarts);
        if (!policy.Restarts)
            return;
        if (policy.Delay == TimeSpan.Zero)
            Start(container);
        else
            engine.Events.Note(ctid, EventKind.Delay, $"{policy.Delay.TotalSeconds:0} s");
    }

    /// <summary>Starts a container whose restart was put off, unless somebody has decided otherwise.</summary>
    public void Restart()
    {
        if (_records.Find(ctid)?.Due is null)
            return;
        using var held = ContainerLock.Take(engine.Layout, ctid, "restarting");
        if (_records.Find(ctid) is not { Due: not null } record || engine.Runtime.IsRunning(ctid) || engine.Store.TryLoad(ctid) is not { } config)
            return;
        // Tried once: what fails now fails next time, and `vzctl start` says why.
        _records.Save(ctid, record with { Due = null });
        Start(new ContainerContext(engine, config));
    }

    private void Start(ContainerContext container)
    {
        try
        {
            new StartOperation(container).Run(new StartRequest());
        }
        catch (InsulaException error)
        {
            if (_records.Find(ctid) is { } record)
                _records.Save(ctid, record with { Due = null });
            engine.Events.Note(ctid, EventKind.Failed, $"restart: {error.Message}");
            throw;
        }
    }

    private static TimeSpan Age(InitProcess init)
        => TimeSpan.FromSeconds(Math.Max(0, Linux.Processes.ProcessClock.SecondsSinceBoot() - (init.Started / (double)TicksPerSecond)));
}
