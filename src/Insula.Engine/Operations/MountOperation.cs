using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Engine.Quotas;
using Insula.Engine.Watching;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>VE_ROOT: making a container's files visible to the host, with the administrator's scripts around it.</summary>
internal static class MountOperation
{
    /// <summary>
    /// Mounts. The caller holds the lock, and has looked that it is not mounted yet. The limits of disk space are relaxed until the caller, who may
    /// have something to write, calls <see cref="ContainerQuota.TurnOn"/>.
    /// </summary>
    public static void Mount(ContainerContext container, UndoStack undo)
    {
        RequirePrivateArea(container);
        CreateRoot(container.Root);
        var scripts = HostScripts(container);
        scripts.Run(ActionMoment.BeforeMount, container.Ctid);
        var told = false;
        undo.Push($"unmount {container.Root}", () =>
        {
            container.Storage.Unmount(container.Private, container.Root);
            if (told)
                container.Engine.Events.Note(container.Ctid, EventKind.Umount);
        });
        try
        {
            ContainerQuota.LeaveRoom(container);
            container.Storage.Mount(container.StoragePaths, undo);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.CannotMount, $"Can't mount {container.Root} of CT {container.Ctid}: {error.Message}", error.Hint, error);
        }
        container.Engine.Events.Note(container.Ctid, EventKind.Mount);
        told = true;
        scripts.Run(ActionMoment.AfterMount, container.Ctid);
        container.Engine.Reporter.Info("Container is mounted");
    }

    /// <summary>Unmounts. The caller holds the lock, and has looked that it is mounted.</summary>
    public static void Unmount(ContainerContext container)
    {
        var scripts = HostScripts(container);
        scripts.Run(ActionMoment.BeforeUnmount, container.Ctid);
        ContainerQuota.NoteUsage(container);
        container.Storage.Unmount(container.Private, container.Root);
        container.Engine.Events.Note(container.Ctid, EventKind.Umount);
        scripts.Run(ActionMoment.AfterUnmount, container.Ctid);
        container.Engine.Reporter.Info("Container is unmounted");
    }

    /// <summary>Refuses a container whose files are not there.</summary>
    /// <exception cref="InsulaException">43.</exception>
    public static void RequirePrivateArea(ContainerContext container)
    {
        if (!Directory.Exists(container.Private))
            throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {container.Private} does not exist");
    }

    /// <summary>The administrator's scripts that run on the host.</summary>
    public static ActionScriptRunner HostScripts(ContainerContext container)
        => new(container.Engine.Layout, container.Engine.Reporter, (_, _) => throw new InvalidOperationException("no container runs at this moment"));

    /// <summary>Also those that run in the container, whose first process exists.</summary>
    public static ActionScriptRunner Scripts(ContainerContext container, PidFd init)
        => new(container.Engine.Layout, container.Engine.Reporter, (_, script) => new ProgramRunner(container, init).RunScript(script));

    private static void CreateRoot(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InsulaException(ExitCode.CreateRootArea, $"Unable to create {root}: {error.Message}", cause: error);
        }
    }
}
