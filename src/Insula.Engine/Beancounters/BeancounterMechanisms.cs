using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Cgroups;
using static Insula.Engine.Beancounters.BeancounterResources;

namespace Insula.Engine.Beancounters;

/// <summary>What stands behind each row on a host. Nothing is called enforced here that is not.</summary>
/// <param name="world">The host's cgroup hierarchies.</param>
/// <param name="swapAccounted">True if the memory controller counts swap.</param>
/// <param name="kernel">What our own programs in the kernel count.</param>
public sealed class BeancounterMechanisms(CgroupWorld world, bool swapAccounted, IKernelAccounts kernel)
{
    /// <summary>Those of the host this process runs on.</summary>
    public static BeancounterMechanisms OfThisHost(EngineContext engine)
    {
        var world = engine.Cgroups.World;
        return new BeancounterMechanisms(world, new HostCapabilities().Has(CgroupFeatures.Swap), engine.KernelAccounts);
    }

    /// <summary>All rows, by number.</summary>
    public IReadOnlyList<ResourceMechanism> All => [.. BeancounterResources.All.Select(Of)];

    /// <summary>One row.</summary>
    public ResourceMechanism Of(BeancounterResource resource)
    {
        if (kernel.Counts(resource))
            return new ResourceMechanism(resource, Mechanism.Exact, kernel.Describe(resource));
        var (mechanism, explanation) = resource.Number switch
        {
            0 or 3 or 6 or 7 or 8 or 18 or 24 => OfMemory(resource),
            5 => world.Find(CgroupController.Pids) is null
                ? (Mechanism.Sampled, "/proc/PID/status, summed; there is no pids controller")
                : (Mechanism.Exact, "pids.max"),
            _ => OfProcesses(resource),
        };
        return new ResourceMechanism(resource, mechanism, explanation);
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
        if (resource == KernelMemory)
            return (Mechanism.Sampled, $"{(unified ? "memory.stat, kernel" : "memory.kmem.usage_in_bytes")}; part of what physpages bounds");
        if (resource == DirectoryCache)
            return unified ? (Mechanism.Sampled, "memory.stat, slab_reclaimable; part of what physpages bounds") : (Mechanism.None, "cgroup v1 does not tell it");
        if (resource == SharedMemory)
            return (Mechanism.Sampled, $"memory.stat, {(unified ? "shmem" : "total_shmem")}; part of what physpages bounds");
        return resource == OomGuarantee
            ? (Mechanism.Sampled, "memory and swap in use; failcnt: processes killed")
            : (Mechanism.None, "nothing is charged to it");
    }

    private static (Mechanism, string) OfProcesses(BeancounterResource resource)
    {
        if (resource == Locked)
            return (Mechanism.Sampled, "VmLck of /proc/PID/status, summed");
        if (resource == PrivateMemory)
            return (Mechanism.Sampled, "data and stack of /proc/PID/statm, summed");
        if (resource == TcpSockets || resource == OtherSockets)
            return (Mechanism.Sampled, "/proc/PID/net/protocols and sockstat of the container's network namespace");
        if (resource == FileLocks)
            return (Mechanism.Sampled, "/proc/locks, by process");
        if (resource == Terminals)
            return (Mechanism.Exact, "max= of the devpts at /dev/pts");
        if (resource == QueuedSignals)
            return (Mechanism.Sampled, "SigQ of /proc/PID/status, summed over users");
        return resource == OpenFiles
            ? (Mechanism.Sampled, "/proc/PID/fd, summed; a descriptor that processes share counts for each")
            : (Mechanism.None, "not counted");
    }
}
