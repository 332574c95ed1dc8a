using Insula.Engine.Boot;
using Insula.Engine.Containers;
using Insula.Engine.Parts;
using Insula.Engine.Storage;
using Insula.Engine.Watching;

namespace Insula.Engine.Operations;

/// <summary>
/// Puts in order what is left of a container that does not run: it ended by itself, or a command was killed half-way. Every operation
/// that needs a stopped container begins with it, so no command ever finds a half-started one.
/// </summary>
internal static class Recovery
{
    /// <summary>Takes away processes, cgroups, links and run-time files of a container whose init does not run. The caller holds its lock.</summary>
    public static void CleanUp(ContainerContext container)
    {
        for (var i = ContainerParts.All.Count - 1; i >= 0; i--)
            ContainerParts.All[i].Release(container);
        container.Engine.Runtime.Clear(container.Ctid);
    }

    /// <summary>True if there is a trace of an earlier run: a file of the run-time directory, or cgroups.</summary>
    public static bool HasTraces(ContainerContext container)
        => Directory.Exists(container.Engine.Runtime.DirectoryOf(container.Ctid)) || container.Group.Exists;

    /// <summary>
    /// For a container that was running and has ended by itself: cleans up and unmounts, as a stop would have done. One that was only
    /// mounted stays mounted.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="restarts">True if it is to be started again: then it is not said to have stopped.</param>
    /// <returns>True if there was anything to do.</returns>
    public static bool FinishStop(ContainerContext container, bool restarts = false)
    {
        if (!HasTraces(container))
            return false;
        if (!restarts)
            new RebootMarks(container.Engine.Layout).NoteStopped(container.Ctid);
        CleanUp(container);
        if (!restarts)
            container.Engine.Events.Note(container.Ctid, EventKind.Stop);
        if (RootMount.IsMounted(container.Root))
            MountOperation.Unmount(container);
        return true;
    }
}
