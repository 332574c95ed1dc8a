using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Cgroups;
using static Insula.Engine.Beancounters.BeancounterResources;

namespace Insula.Engine.Beancounters;

/// <summary>What stands behind each row on a host. Nothing is called enforced here that is not.</summary>
/// <param name="world">The host's cgroup hierarchies.</param>
/// <param name="swapAccounted">True if the memory controller counts swap.</param>
/// <param name="mayProtect">True if this process may make others less likely to be killed (CAP_SYS_RESOURCE).</param>
/// <param name="bpf">What our own programs in the kernel count.</param>
public sealed class BeancounterMechanisms(CgroupWorld world, bool swapAccounted, bool mayProtect, IBpfAccounting bpf)
{
    /// <summary>Those of the host this process runs on.</summary>
    public static BeancounterMechanisms OfThisHost(EngineContext engine)
        => new(engine.Cgroups.World, new HostCapabilities().Has(CgroupFeatures.Swap), OomPreference.IsPossible, engine.Bpf);

    /// <summary>All rows, by number.</summary>
    public IReadOnlyList<ResourceMechanism> All => [.. BeancounterResources.All.Select(Of)];

    /// <summary>One row.</summary>
    public ResourceMechanism Of(BeancounterResource resource)
    {
        var program = IBpfAccounting.Resources.Contains(resource) ? bpf.MechanismOf(resource) : default;
        if (program.Exact)
            return new ResourceMechanism(resource, Mechanism.Exact, $"BPF, {program.Detail}");
        var (mechanism, explanation) = resource.Number switch
        {
            0 or 3 or 6 or 7 or 8 or 18 or 24 => OfMemory(resource),
            1 or 2 or 12 => OfLimits(resource),
            9 or (>= 13 and <= 17) or 23 => OfNetwork(resource),
            _ => OfProcesses(resource),
        };
        return new ResourceMechanism(resource, mechanism, program.Detail is { Length: > 0 } why ? $"{explanation}; no BPF: {why}" : explanation);
    }

    private (Mechanism, string) OfMemory(BeancounterResource resource)
    {
        if (world.Find(CgroupController.Memory) is not { } hierarchy)
            return (Mechanism.None, "there is no memory controller");
        var unified = hierarchy.IsUnified;
        if (resource == Memory)
            return (Mechanism.Exact, unified ? "memory.max; barrier: memory.high" : "memory.limit_in_bytes; barrier: memory.soft_limit_in_bytes");
        if (resource == Swap)
        {
            return swapAccounted
                ? (Mechanism.Exact, unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes")
                : (Mechanism.None, "this kernel does not count swap; boot it with swapaccount=1");
        }
        if (resource == GuaranteedMemory)
            return (Mechanism.Sampled, unified ? "memory.low keeps it from being reclaimed, if configured; nothing is refused" : "memory.soft_limit_in_bytes, if configured and physpages has no barrier; nothing is refused");
        if (resource == OomGuarantee)
            return OfOomGuarantee();
        return resource == SharedMemory
            ? (Mechanism.PerProcess, "kernel.shmall and size= of /dev/shm, each by itself; held: shmem of memory.stat")
            : OfKernelMemory(resource, unified);
    }

    private static (Mechanism, string) OfKernelMemory(BeancounterResource resource, bool unified)
    {
        if (resource == KernelMemory)
            return (Mechanism.Sampled, $"{(unified ? "kernel of memory.stat" : "memory.kmem.usage_in_bytes")}; it is part of what physpages bounds");
        return unified
            ? (Mechanism.Sampled, "slab_reclaimable of memory.stat; it is part of what physpages bounds")
            : (Mechanism.None, "the memory controller of cgroup v1 does not tell it");
    }

    private (Mechanism, string) OfOomGuarantee() => mayProtect
        ? (Mechanism.PerProcess, "oom_score_adj: a process is killed after those that are further above their guarantee; failcnt: killed")
        : (Mechanism.Sampled, "memory and swap in use; failcnt: killed; no CAP_SYS_RESOURCE to set oom_score_adj");

    private static (Mechanism, string) OfLimits(BeancounterResource resource)
    {
        if (resource == Locked)
            return (Mechanism.PerProcess, "RLIMIT_MEMLOCK of each process, and of the user namespace for what SHM_LOCK locks; held: VmLck");
        return resource == QueuedSignals
            ? (Mechanism.Exact, "RLIMIT_SIGPENDING of the user namespace; held: SigQ")
            : (Mechanism.PerProcess, "RLIMIT_DATA of each process; held: data and stack of statm");
    }

    private static (Mechanism, string) OfNetwork(BeancounterResource resource)
    {
        if (resource == TcpSendBuffers)
            return (Mechanism.PerProcess, "tcp_wmem: no socket has more; held: sock_diag");
        if (resource == TcpReceiveBuffers)
            return (Mechanism.PerProcess, "tcp_rmem: no socket has more; held: sock_diag");
        if (resource == OtherSendBuffers || resource == DatagramReceiveBuffers)
            return (Mechanism.Sampled, "sock_diag");
        return resource == FilterRules
            ? (Mechanism.Sampled, "rules of nftables and entries of iptables")
            : (Mechanism.Sampled, "/proc/PID/net of the container's network namespace");
    }

    private (Mechanism, string) OfProcesses(BeancounterResource resource)
    {
        if (resource == Processes)
        {
            return world.Find(CgroupController.Pids) is null
                ? (Mechanism.Sampled, "threads of /proc/PID/status; there is no pids controller")
                : (Mechanism.Exact, "pids.max");
        }
        if (resource == Terminals)
            return (Mechanism.Exact, "max= of the devpts at /dev/pts, at least 1; root inside can mount another one, which has no bound of its own");
        return resource == OpenFiles
            ? (Mechanism.PerProcess, "RLIMIT_NOFILE of each process; held: /proc/PID/fd, what processes share counts for each")
            : (Mechanism.Sampled, "/proc/locks, by process");
    }
}
