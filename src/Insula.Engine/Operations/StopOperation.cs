using Insula.Engine.ActionScripts;
using Insula.Engine.Boot;
using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Operations;

/// <summary>`vzctl stop`: asks init to end everything, waits, and kills what is left.</summary>
internal sealed class StopOperation(ContainerContext container)
{
    private const int DefaultTimeout = 120;
    private static readonly TimeSpan UsualEnd = TimeSpan.FromSeconds(3);

    private IReporter Reporter => container.Engine.Reporter;

    /// <summary>Stops the container. The caller holds its lock.</summary>
    public void Run(StopRequest request)
    {
        using var init = container.Engine.Runtime.TryOpenInit(container.Ctid);
        if (init == null)
        {
            Reporter.Error("Unable to stop: container is not running");
            new EndRecords(container.Engine.Layout).Forget(container.Ctid);
            Recovery.FinishStop(container);
            return;
        }
        MountOperation.Scripts(container, init).Run(ActionMoment.Stop, container.Ctid);
        Reporter.Info("Stopping container ...");
        container.Engine.Traffic.SaveLinks(container.Ctid);
        if (request.Fast)
            init.Kill();
        else
            ShutDown(init, Timeout(request));
        // It waits for all others to end.
        if (!init.WaitEnd(UsualEnd))
            StuckFileSystems.Release(container);
        if (!init.WaitEnd(TimeSpan.FromSeconds(30)))
            throw new InsulaException(ExitCode.StopFailed, "Unable to stop container: its init does not end", "it waits for a device; try again later");
        Reporter.Info("Container was stopped");
        new RebootMarks(container.Engine.Layout).NoteStopped(container.Ctid);
        new EndRecords(container.Engine.Layout).Forget(container.Ctid);
        Recovery.CleanUp(container);
        container.Engine.Events.Note(container.Ctid, EventKind.Stop);
        if (!request.SkipUnmount && container.IsMounted)
            MountOperation.Unmount(container);
    }

    private TimeSpan Timeout(StopRequest request)
    {
        var seconds = request.TimeoutSeconds ?? container.Config.Get(GeneralParameters.StopTimeout);
        return TimeSpan.FromSeconds(seconds == 0 ? DefaultTimeout : seconds);
    }

    private void ShutDown(PidFd init, TimeSpan timeout)
    {
        if (!InitShutdown.Request(container, init))
            Reporter.Warning("The container's init cannot be asked to shut down");
        else if (init.WaitEnd(timeout))
            return;
        else
            Reporter.Warning($"The container did not shut down within {timeout.TotalSeconds} s");
        Reporter.Info("Killing container ...");
        init.Kill();
    }
}
