using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.ProcFs;
using Insula.Linux.Cgroups;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The container's cgroups: its weight, its ceilings, and where its processes are.</summary>
public sealed class CgroupPart : ContainerPart
{
    private const int PageSize = 4096;
    private static readonly TimeSpan UsualEnd = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } =
    [
        CpuParameters.CpuUnits, CpuParameters.CpuLimit, CpuParameters.CpuBurst, CpuParameters.Cpus, CpuParameters.CpuMask, CpuParameters.NodeMask,
        BeancounterParameters.PhysPages, BeancounterParameters.SwapPages, BeancounterParameters.VmGuarPages, BeancounterParameters.NumProc,
    ];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        container.Engine.PrepareCgroups();
        var group = container.Group;
        undo.Push($"remove the cgroups {group.Name}", () => Remove(container));
        group.Create();
        new HostCpu(container.Engine, new Systemctl()).ApplyConfigured();
        SetCpu(container);
        SetCpuSet(container);
        SetMemory(container);
        SetProcesses(container);
        group.Delegate((int)container.Ids.UidBase, (int)container.Ids.GidBase);
        group.AddProcess(init.Pid);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        if (Changed(changes, CpuParameters.CpuUnits, CpuParameters.CpuLimit, CpuParameters.CpuBurst))
            Replace(undo, "CPU weight and limit", () => SetCpu(container), () => SetCpu(before));
        if (Changed(changes, CpuParameters.Cpus, CpuParameters.CpuMask, CpuParameters.NodeMask, CpuParameters.CpuLimit))
            Replace(undo, "the CPUs", () => SetCpuSet(container), () => SetCpuSet(before));
        if (Changed(changes, BeancounterParameters.PhysPages, BeancounterParameters.SwapPages, BeancounterParameters.VmGuarPages))
            Replace(undo, "memory limits", () => SetMemory(container), () => SetMemory(before));
        if (Changed(changes, BeancounterParameters.NumProc))
            Replace(undo, "the process limit", () => SetProcesses(container), () => SetProcesses(before));
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container) => Remove(container);

    private static void Replace(UndoStack undo, string what, Action set, Action back)
    {
        undo.Push($"set {what} back", back);
        set();
    }

    private static void Remove(ContainerContext container)
    {
        var group = container.Group;
        if (!group.Exists)
            return;
        if (!group.KillAll(UsualEnd))
            StuckFileSystems.Release(container);
        if (!group.KillAll(Patience))
            throw new InsulaException(ExitCode.StopFailed, $"Processes of {group.Name} do not end", "they wait for a device; try again later");
        group.Delete(Patience);
    }

    private static void SetCpu(ContainerContext container)
    {
        if (container.Group.Cpu is not { } cpu)
            return;
        cpu.SetUnitsAmongSiblings((int)container.Config.Get(CpuParameters.CpuUnits));
        CpuParameters.RequireBurstWithinLimit(container.Config);
        cpu.LimitPercent = (int)container.Config.Get(CpuParameters.CpuLimit);
        var burst = (int)container.Config.Get(CpuParameters.CpuBurst);
        if (burst == 0)
            return;
        if (cpu.CanBurst)
            cpu.BurstPercent = cpu.LimitPercent == 0 ? 0 : burst;
        else
            container.Engine.Reporter.Warning("This kernel saves up no CPU time (Linux 5.14 does); cpuburst has no effect");
    }

    private static void SetCpuSet(ContainerContext container)
    {
        if (container.Group.CpuSet is not { } cpuset)
            return;
        var mask = container.Config.Get(CpuParameters.CpuMask);
        var count = (int)container.Config.Get(CpuParameters.Cpus);
        var nodes = container.Config.Get(CpuParameters.NodeMask);
        cpuset.Nodes = nodes == "all" ? cpuset.AllowedNodes : ParseSet(nodes).Intersect(cpuset.AllowedNodes);
        CpuSet? chosen = mask switch
        {
            "all" => null,
            "auto" => NodeCpus.Of(cpuset.Nodes),
            _ => ParseSet(mask),
        };
        cpuset.Cpus = CpuChoice.Choose(cpuset.AllowedCpus, chosen, Fewer(count, VisibleProcessors.CountOf((int)container.Config.Get(CpuParameters.CpuLimit))), container.Ctid.Value);
    }

    // A container has no use for more processors than its limit fills, and programs start as many threads as they may use processors
    // (sched_getaffinity(2)). With the cpuset the kernel says the same as /proc/cpuinfo.
    private static int? Fewer(int count, int? filled) => count == 0 ? filled : Math.Min(count, filled ?? count);

    private static CpuSet ParseSet(string text)
        => CpuSet.TryParse(text, out var set) ? set : throw new InsulaException(ExitCode.BadValue, $"Bad CPU list {text}");

    private static void SetMemory(ContainerContext container)
    {
        if (container.Group.Memory is not { } memory)
            return;
        var max = Limit(container, BeancounterParameters.PhysPages, out var barrier);
        var swap = Limit(container, BeancounterParameters.SwapPages, out _);
        var canLimitSwap = memory.CanLimitSwap;
        if (!canLimitSwap && !swap.IsUnlimited && max.IsUnlimited)
            container.Engine.Reporter.Warning("This kernel cannot limit swap; swappages is not enforced");
        memory.SetLimits(max, canLimitSwap ? swap : null);
        // Barrier 0 is vswap's way to say that there is none.
        var high = barrier.Value is 0 || barrier >= max ? CgroupLimit.Unlimited : barrier;
        // v1 has one bound for both: what is above it is reclaimed first when the host is short of memory, what is below is left alone.
        var guarantee = Guarantee(container);
        if (!container.Group.ProtectMemory(guarantee) && high.IsUnlimited && guarantee > 0)
            high = new CgroupLimit(guarantee);
        memory.High = high;
    }

    // Only a guarantee that was asked for: that which follows from memory and swap is of the size of the container, and would put all
    // containers before the host.
    private static long Guarantee(ContainerContext container)
        => container.Config.TryGet(BeancounterParameters.VmGuarPages, out var value) ? Math.Min(value.Barrier, long.MaxValue / PageSize) * PageSize : 0;

    private static CgroupLimit Limit(ContainerContext container, ParameterDeclaration<BarrierLimit> parameter, out CgroupLimit barrier)
    {
        barrier = CgroupLimit.Unlimited;
        if (!container.Config.TryGet(parameter, out var value))
            return CgroupLimit.Unlimited;
        barrier = Pages(value.Barrier);
        return Pages(value.Limit);
    }

    private static CgroupLimit Pages(long pages) => pages >= long.MaxValue / PageSize ? CgroupLimit.Unlimited : new CgroupLimit(pages * PageSize);

    private static void SetProcesses(ContainerContext container)
    {
        if (container.Group.Pids is not { } pids)
            return;
        // A fork is an ordinary charge, which is refused at the barrier.
        pids.Max = container.Config.TryGet(BeancounterParameters.NumProc, out var value) ? new CgroupLimit(value.Barrier) : CgroupLimit.Unlimited;
    }
}
