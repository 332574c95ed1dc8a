using Insula.Linux.Cgroups;

namespace Insula.Engine.Host;

/// <summary>Control groups: which world this host has, and which controllers in it.</summary>
public static class CgroupFeatures
{
    private const string Group = "cgroups";

    /// <summary>Any hierarchy at all.</summary>
    public static HostFeature World { get; } = new(
        "hierarchy", Group, FeatureNeed.Required, "Without a mounted cgroup hierarchy a container's processes cannot be held together.",
        view => Read(view).Kind switch
        {
            CgroupWorldKind.V2 => new FeatureFinding(FeatureState.Yes, "v2"),
            CgroupWorldKind.Hybrid => new FeatureFinding(FeatureState.Yes, "hybrid: v1 controllers beside v2"),
            CgroupWorldKind.V1 => new FeatureFinding(FeatureState.Limited, "v1 only"),
            _ => new FeatureFinding(FeatureState.No, "none mounted"),
        });

    /// <summary>CPU time.</summary>
    public static HostFeature Cpu { get; } = Controller("cpu", CgroupController.Cpu, FeatureNeed.Recommended, "CPUUNITS and CPULIMIT have no effect.");

    /// <summary>Choice of CPUs.</summary>
    public static HostFeature CpuSet { get; } = Controller("cpuset", CgroupController.CpuSet, FeatureNeed.Recommended, "CPUMASK and NODEMASK have no effect.");

    /// <summary>Memory.</summary>
    public static HostFeature Memory { get; } = Controller(
        "memory", CgroupController.Memory, FeatureNeed.Recommended, "PHYSPAGES, SWAPPAGES, --ram and --swap have no effect: one container can take all memory.");

    /// <summary>Number of processes.</summary>
    public static HostFeature Pids { get; } = Controller(
        "pids", CgroupController.Pids, FeatureNeed.Recommended, "NUMPROC has no effect: a fork bomb in one container takes the host's pids.");

    /// <summary>Disk throughput.</summary>
    public static HostFeature BlockIo { get; } = Controller("io", CgroupController.BlockIo, FeatureNeed.Optional, "IOPRIO, IOLIMIT and IOPSLIMIT have no effect.");

    /// <summary>Swap counted per container.</summary>
    public static HostFeature Swap { get; } = new(
        "swap accounting", Group, FeatureNeed.Recommended, "SWAPPAGES and --swap have no effect; boot with swapaccount=1.", LookAtSwap);

    /// <summary>Access to devices.</summary>
    public static HostFeature Devices { get; } = new(
        "device access", Group, FeatureNeed.Required, "Access to devices cannot be restricted: neither the v1 devices controller nor a BPF program of v2 is there.",
        LookAtDevices);

    internal static IEnumerable<HostFeature> All => [World, Devices, Cpu, CpuSet, Memory, Swap, Pids, BlockIo];

    /// <summary>Where the hierarchy of a controller is mounted, if that is v2; else null.</summary>
    internal static string? FindRoot(IHostView view, CgroupController controller)
        => Read(view).Find(controller) is { IsUnified: true } hierarchy ? hierarchy.MountPoint : null;

    private static CgroupWorld Read(IHostView view) => CgroupWorld.Parse(
        view.Read("/proc/self/mountinfo") ?? "", view.Read("/proc/cgroups") ?? "", mount => view.Read($"{mount}/cgroup.controllers") ?? "");

    private static HostFeature Controller(string name, CgroupController controller, FeatureNeed need, string cost) => new(
        name, Group, need, cost,
        view => Read(view).Find(controller) is { } hierarchy
            ? new FeatureFinding(FeatureState.Yes, hierarchy.MountPoint)
            : new FeatureFinding(FeatureState.No, ""));

    private static FeatureFinding LookAtDevices(IHostView view)
    {
        var world = Read(view);
        if (world.Find(CgroupController.Devices) is { IsUnified: false } hierarchy)
            return new FeatureFinding(FeatureState.Yes, hierarchy.MountPoint);
        var error = view.Ask(Linux.Probes.KernelProbe.BpfCgroupDevice);
        return error == Linux.Syscalls.Errno.None && world.Unified != null
            ? new FeatureFinding(FeatureState.Yes, "BPF")
            : new FeatureFinding(FeatureState.No, error == Linux.Syscalls.Errno.None ? "no cgroup2 mount" : $"BPF: {error}");
    }

    private static FeatureFinding LookAtSwap(IHostView view)
    {
        if (Read(view).Find(CgroupController.Memory) is not { } hierarchy)
            return new FeatureFinding(FeatureState.No, "no memory controller");
        if (!hierarchy.IsUnified)
            return FeatureFinding.Of(view.Exists(hierarchy.PathOf("memory.memsw.limit_in_bytes")), "memsw");
        // The root group of v2 has no memory.swap.max to look at; the kernel counts swap unless told not to at boot.
        return FeatureFinding.Of(!(view.Read("/proc/cmdline") ?? "").Contains("swapaccount=0", StringComparison.Ordinal), "memory.swap.max");
    }
}
