namespace Insula.Linux.Cgroups;

/// <summary>The controllers of cgroups(7). cgroup v2 calls <see cref="BlockIo"/> "io" and has no cpuacct, devices and freezer of its own.</summary>
public enum CgroupController
{
    Cpu,
    CpuAcct,
    CpuSet,
    Memory,
    Devices,
    Freezer,
    BlockIo,
    Pids,
    HugeTlb,
    NetCls,
    NetPrio,
    PerfEvent,
    Rdma,
    Misc,
}

/// <summary>The kernel's names of the controllers.</summary>
internal static class CgroupControllerNames
{
    /// <summary>The controller called <paramref name="name"/> by either version of cgroups; null if it is none of ours.</summary>
    public static CgroupController? Find(ReadOnlySpan<char> name) => name switch
    {
        "cpu" => CgroupController.Cpu,
        "cpuacct" => CgroupController.CpuAcct,
        "cpuset" => CgroupController.CpuSet,
        "memory" => CgroupController.Memory,
        "devices" => CgroupController.Devices,
        "freezer" => CgroupController.Freezer,
        "blkio" or "io" => CgroupController.BlockIo,
        "pids" => CgroupController.Pids,
        "hugetlb" => CgroupController.HugeTlb,
        "net_cls" => CgroupController.NetCls,
        "net_prio" => CgroupController.NetPrio,
        "perf_event" => CgroupController.PerfEvent,
        "rdma" => CgroupController.Rdma,
        "misc" => CgroupController.Misc,
        _ => null,
    };

    /// <summary>The name to write to cgroup.subtree_control; null for a controller that cgroup v2 does not switch on that way.</summary>
    public static string? UnifiedName(CgroupController controller) => controller switch
    {
        CgroupController.Cpu => "cpu",
        CgroupController.CpuSet => "cpuset",
        CgroupController.Memory => "memory",
        CgroupController.BlockIo => "io",
        CgroupController.Pids => "pids",
        CgroupController.HugeTlb => "hugetlb",
        CgroupController.Rdma => "rdma",
        CgroupController.Misc => "misc",
        _ => null,
    };
}
