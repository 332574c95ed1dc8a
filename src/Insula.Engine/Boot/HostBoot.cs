using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Boot;

/// <summary>What happens to containers when their host boots and shuts down.</summary>
/// <param name="engine">The containers.</param>
public sealed class HostBoot(EngineContext engine)
{
    private readonly Lock _reporting = new();
    private readonly RebootMarks _marks = new(engine.Layout);
    private readonly List<(Ctid Ctid, int Code)> _unreadable = [];

    /// <summary>
    /// Starts the containers that start with the host: ONBOOT=yes, and without ONBOOT those that ran before; what runs already stays as it is.
    /// </summary>
    /// <returns>0, or the exit code of vzctl for the first that did not start.</returns>
    public int Start()
    {
        if (!engine.Global.Enabled)
        {
            engine.Reporter.Info("No container is started: VIRTUOZZO=no in vz.conf");
            return 0;
        }
        var candidates = Candidates();
        foreach (var disabled in candidates.Where(container => container is { Disabled: true, StartsAtBoot: true, IsRunning: false }))
            engine.Reporter.Info($"CT {disabled.Ctid} is disabled and not started");
        // A mark is for one boot: what must not start now does not start at a later one because of it.
        foreach (var barred in candidates.Where(container => container is { OnBoot: false, IsRunning: false }))
            _marks.Forget(barred.Ctid);
        var steps = BootSteps.ToStart(candidates);
        // Once, before several commands would each find that it is missing.
        if (steps.Count > 0)
            engine.PrepareCgroups();
        return Run("started", steps, ctid => Vzctl("start", ctid));
    }

    /// <summary>Stops all running containers, those that were started last first, and remembers which they were.</summary>
    /// <returns>0, or the exit code of vzctl for the first that did not stop.</returns>
    public int Stop()
    {
        if (engine.Global.SuspendAtShutdown)
            engine.Reporter.Warning("VE_STOP_MODE=suspend: containers cannot be suspended yet; they are stopped and will boot anew");
        var candidates = Candidates();
        // One that has ended by itself since it was started did not run when the host went down.
        foreach (var ended in candidates.Where(container => !container.IsRunning))
            _marks.NoteStopped(ended.Ctid);
        return Run("stopped", BootSteps.ToStop(candidates), Stop);
    }

    private int Stop(Ctid ctid)
    {
        _marks.KeepForBoot(ctid);
        var code = Vzctl("stop", ctid);
        if (engine.Runtime.IsRunning(ctid))
            _marks.NoteRunning(ctid);
        return code;
    }

    private int Run(string done, IReadOnlyList<IReadOnlyList<Ctid>> steps, Func<Ctid, int> work)
    {
        var count = steps.Sum(step => step.Count);
        var failed = new ContainerBatch(engine.Global.ParallelStarts, ctid => Guard(ctid, work)).Run(steps);
        failed = [.. _unreadable.Concat(failed).OrderBy(failure => failure.Ctid)];
        var all = count + _unreadable.Count;
        engine.Reporter.Info(all == 0 ? $"No container is to be {done}" : $"{all - failed.Count} of {all} containers {done}");
        if (failed.Count == 0)
            return 0;
        engine.Reporter.Error($"Not {done}: {string.Join(", ", failed.Select(failure => $"CT {failure.Ctid} (code {failure.Code})"))}");
        return failed[0].Code;
    }

    private int Guard(Ctid ctid, Func<Ctid, int> work)
    {
        try
        {
            return work(ctid);
        }
        catch (Exception error) when (error is LinuxException or InsulaException or IOException or UnauthorizedAccessException)
        {
            Say(ctid, error.Message);
            return (int)(error is InsulaException { Code: var code } ? code : ExitCode.SystemError);
        }
    }

    private int Vzctl(string verb, Ctid ctid) => VzctlProcess.Run(engine.Layout, [verb, ctid.ToString()], line => Say(ctid, line));

    private void Say(Ctid ctid, string line)
    {
        lock (_reporting)
            engine.Reporter.Info($"CT {ctid}: {line}");
    }

    private List<BootCandidate> Candidates()
    {
        _unreadable.Clear();
        var candidates = new List<BootCandidate>();
        foreach (var ctid in engine.Store.List())
        {
            try
            {
                if (engine.Store.TryLoad(ctid) is { } config)
                    candidates.Add(Candidate(config));
            }
            catch (InsulaException error)
            {
                Say(ctid, error.Message);
                _unreadable.Add((ctid, (int)error.Code));
            }
        }
        return candidates;
    }

    private BootCandidate Candidate(ContainerConfig config) => new(
        config.Ctid,
        config.TryGet(GeneralParameters.OnBoot, out var onBoot) ? onBoot : null,
        config.TryGet(GeneralParameters.BootOrder, out var order) ? order : null,
        config.Get(GeneralParameters.Disabled),
        engine.Runtime.IsRunning(config.Ctid),
        _marks.RanBeforeBoot(config.Ctid));
}
