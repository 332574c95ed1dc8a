using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>
/// oomguarpages: whom the kernel kills when memory is short. It kills the process with the most points, a point for each page in use, and
/// oom_score_adj adds or takes thousandths of all memory (proc_pid_oom_score_adj(5)). Taking the guarantee's share away leaves a process
/// with what it has above the guarantee: one below is passed over while there is any other.
/// </summary>
internal sealed class OomPreference : IBound
{
    private const int Thousand = 1000;
    private const int Never = -1000; // OOM_SCORE_ADJ_MIN: nothing of a container is beyond being killed

    /// <inheritdoc/>
    public IReadOnlyList<BeancounterResource> Resources { get; } = [BeancounterResources.OomGuarantee];

    /// <summary>True if this process may make others less likely to be killed.</summary>
    public static bool IsPossible { get; } = CapabilitySet.ReadEffective().Contains(Capability.SysResource);

    /// <inheritdoc/>
    public void Apply(ContainerContext container, PidFd init) => Write(init.Pid, AdjustmentOf(container));

    /// <inheritdoc/>
    public void Change(ContainerContext container, PidFd init)
    {
        foreach (var pid in container.Group.ProcessesByOneHierarchy())
            Write(pid, AdjustmentOf(container));
    }

    /// <summary>The adjustment of a container's processes.</summary>
    public static int AdjustmentOf(ContainerContext container)
        => Adjustment(BeancounterBounds.Of(container.Config, BeancounterResources.OomGuarantee).Barrier, AllPages());

    /// <summary>The adjustment for a guarantee.</summary>
    /// <param name="guarantee">Pages; unlimited for as much protection as there is.</param>
    /// <param name="all">Pages of memory and swap of the host.</param>
    internal static int Adjustment(long guarantee, long all)
        => guarantee >= all ? Never + 1 : Math.Max(Never + 1, -(int)((Int128)guarantee * Thousand / Math.Max(all, 1)));

    /// <summary>Sets the adjustment of a process; it may have ended.</summary>
    public static void Write(int pid, int adjustment)
    {
        if (!IsPossible)
            return;
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/oom_score_adj");
        var errno = Files.TryWriteValue(path, adjustment.ToString(CultureInfo.InvariantCulture));
        if (errno is not (Errno.None or Errno.ENOENT or Errno.ESRCH))
            throw new LinuxException($"write \"{adjustment}\" to", path, errno);
    }

    private static long AllPages() => (HostMemory.Read("MemTotal") + HostMemory.Read("SwapTotal")) / (Quantity.PageSize / 1024);
}
