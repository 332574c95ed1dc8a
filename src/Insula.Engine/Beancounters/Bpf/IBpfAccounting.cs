using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// The beancounters that BPF programs keep: numtcpsock, numothersock, privvmpages, numfile and numflock, as far as this kernel lets the
/// programs attach. Counts and limits live in maps in the kernel, pinned below the run directory: they outlast the commands, and begin
/// anew with each start of the container.
/// </summary>
/// <remarks>
/// How a part uses it: <see cref="Attach"/> in Begin, when init exists and has done nothing, and <see cref="AttachGroup"/> in Apply, when
/// its cgroups are there; <see cref="SetLimits"/> in Update;
/// <see cref="Release"/> when the container has ended, before its cgroups are removed. How a reader uses it:
/// <see cref="MechanismOf"/> once a resource, and <see cref="ReadAll"/> once for all containers. For a resource that is not
/// <see cref="BpfMechanism.Exact"/> here, or missing from what <see cref="Read"/> gives, the next best mechanism is the caller's.
/// </remarks>
public interface IBpfAccounting
{
    /// <summary>The resources that programs may be had for, whatever this host can.</summary>
    static IReadOnlyList<BeancounterResource> Resources { get; } =
    [
        BeancounterResources.PrivateMemory, BeancounterResources.TcpSockets, BeancounterResources.FileLocks,
        BeancounterResources.OtherSockets, BeancounterResources.OpenFiles,
    ];

    /// <summary>What the programs do about a resource on this host. Asks the kernel the first time, and changes nothing.</summary>
    BpfMechanism MechanismOf(BeancounterResource resource);

    /// <summary>True if there is anything to attach on this host.</summary>
    bool CountsAnything => Resources.Any(resource => MechanismOf(resource).Exact);

    /// <summary>
    /// Begins to count a container, from 0, and to hold it to its limits. The programs that the whole host shares are attached if they
    /// are not yet. Where the kernel takes none, nothing happens.
    /// </summary>
    /// <param name="ctid">The container.</param>
    /// <param name="initPid">
    /// Its first process, in its own user namespace, which has opened nothing yet: what it had from before would be given back without
    /// having been counted.
    /// </param>
    /// <param name="limits">Barrier and limit of what is bounded; others of <see cref="Resources"/> are counted without bound.</param>
    /// <exception cref="Linux.Syscalls.LinuxException">The kernel refused; nothing is left attached.</exception>
    void Attach(Ctid ctid, int initPid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits);

    /// <summary>Begins to count what is counted by cgroup, of a container that <see cref="Attach"/> was called for.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="group">Its cgroups; they exist, and its first process is in them.</param>
    /// <exception cref="Linux.Syscalls.LinuxException">The kernel refused.</exception>
    void AttachGroup(Ctid ctid, ControlGroup group);

    /// <summary>
    /// Puts other bounds into force, at once. What is held above a new bound stays; only more is refused. A resource that
    /// <paramref name="limits"/> does not name keeps its bounds. Nothing happens for a container that is not attached.
    /// </summary>
    void SetLimits(Ctid ctid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits);

    /// <summary>The counts of one container: only what is counted exactly here. Null if it is not attached.</summary>
    IReadOnlyDictionary<BeancounterResource, BpfCount>? Read(Ctid ctid);

    /// <summary>Those of all attached containers, at the price of a few system calls however many they are.</summary>
    IReadOnlyDictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>> ReadAll();

    /// <summary>
    /// Forgets a container. With the last one the programs that the host shares are detached and everything pinned goes. May be repeated,
    /// also for a container that never was attached.
    /// </summary>
    void Release(Ctid ctid);
}
