using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Containers;
using Insula.Linux.Processes;

namespace Insula.Engine.Execution;

/// <summary>Moves a process that is about to join a container into the container's cgroups.</summary>
internal static class Placement
{
    /// <summary>The sub-group for programs run from outside, where init has divided the container's own cgroup v2 group.</summary>
    public const string SubGroup = "insula-exec";

    /// <summary>Places.</summary>
    /// <param name="container">The container.</param>
    /// <param name="init">Its init.</param>
    /// <param name="pid">The process, by its pid on the host.</param>
    public static void Place(ContainerContext container, PidFd init, int pid)
    {
        OomPreference.Write(pid, OomPreference.AdjustmentOf(container));
        var group = container.Group;
        group.AddProcess(pid, group.NeedsSubGroup ? SubGroup : null);
    }
}
