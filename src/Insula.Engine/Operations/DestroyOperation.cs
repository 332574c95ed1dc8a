using Insula.Engine.Boot;
using Insula.Engine.Containers;
using Insula.Engine.Quotas;
using Insula.Engine.Watching;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl destroy`: removes a container's files and configuration.</summary>
internal sealed class DestroyOperation(ContainerContext container)
{
    /// <summary>What a private area is called while it is being removed, so that a killed removal is finished by the next command.</summary>
    public static string DoomedPath(string privateArea) => privateArea + ".destroy";

    /// <summary>Destroys. The caller holds the lock.</summary>
    public void Run()
    {
        if (container.IsRunning)
            throw new InsulaException(ExitCode.Running, "Container is currently running. Stop it first.");
        var ended = Recovery.FinishStop(container);
        if (!ended && container.IsMounted)
            throw new InsulaException(ExitCode.Mounted, "Container is currently mounted (umount first)");
        if (!Directory.Exists(container.Private) && !Directory.Exists(DoomedPath(container.Private)))
            container.Engine.Reporter.Warning($"Container private area {container.Private} does not exist");
        container.Engine.Reporter.Info($"Destroying container private area: {container.Private}");
        // What a mount that was killed has left of an image.
        container.Storage.Unmount(container.Private, container.Root);
        var quota = ContainerQuota.ToForget(container);
        SetAside();
        container.Engine.Store.Destroy(container.Ctid);
        new RebootMarks(container.Engine.Layout).Forget(container.Ctid);
        new EndRecords(container.Engine.Layout).Forget(container.Ctid);
        container.Engine.Traffic.Forget(container.Ctid);
        RemoveDoomed(container.Private);
        ContainerQuota.Forget(container, quota);
        RemoveRoot();
        container.Engine.Events.Note(container.Ctid, EventKind.Destroy);
        container.Engine.Reporter.Info("Container private area was destroyed");
    }

    /// <summary>Removes what a killed destroy has left beside a private area.</summary>
    public static void RemoveDoomed(string privateArea)
    {
        try
        {
            TreeRemover.Remove(DoomedPath(privateArea));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.DeletePrivateArea, $"Unable to remove {DoomedPath(privateArea)}: {error.Message}", error.Hint, error);
        }
    }

    private void SetAside()
    {
        if (!Directory.Exists(container.Private))
            return;
        RemoveDoomed(container.Private);
        try
        {
            Directory.Move(container.Private, DoomedPath(container.Private));
        }
        catch (IOException error)
        {
            throw new InsulaException(ExitCode.DeletePrivateArea, $"Unable to remove {container.Private}: {error.Message}", cause: error);
        }
    }

    private void RemoveRoot()
    {
        try
        {
            Directory.Delete(container.Root);
        }
        catch (DirectoryNotFoundException)
        {
            // a container that was never mounted
        }
        catch (IOException error)
        {
            container.Engine.Reporter.Warning($"Unable to remove {container.Root}: {error.Message}");
        }
    }
}
