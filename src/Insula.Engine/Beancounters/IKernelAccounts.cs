using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Beancounters;

/// <summary>
/// Accounts that programs of ours keep inside the kernel, for what no controller of the kernel counts: sockets, files, locks, private
/// address space. What such a program counts is exact; what it does not is left to rlimits and to counting when somebody looks.
/// </summary>
public interface IKernelAccounts
{
    /// <summary>True if this host's kernel takes the program that counts and refuses this resource.</summary>
    bool Counts(BeancounterResource resource);

    /// <summary>What counts it, for <c>vzubc --mechanisms</c>: "BPF at cgroup/sock_create".</summary>
    string Describe(BeancounterResource resource);

    /// <summary>A running container's account; null if none is kept for it (it was started without).</summary>
    KernelAccount? Read(Ctid ctid, BeancounterResource resource);

    /// <summary>Starts to count for a container whose groups exist and are empty. What it makes it pushes on <paramref name="undo"/>.</summary>
    /// <param name="container">The container.</param>
    /// <param name="bounds">The bounds of every resource that <see cref="Counts"/> says yes to.</param>
    /// <param name="undo">Gets the way back.</param>
    void Attach(ContainerContext container, IReadOnlyDictionary<BeancounterResource, BarrierLimit> bounds, UndoStack undo);

    /// <summary>Changes bounds while the container runs.</summary>
    void SetBounds(Ctid ctid, BeancounterResource resource, BarrierLimit bounds);

    /// <summary>Ends the accounts of a container that has stopped; none being there is no error.</summary>
    void Detach(Ctid ctid);
}

/// <summary>What a program in the kernel has counted, in the resource's unit.</summary>
/// <param name="Held">Now.</param>
/// <param name="MaxHeld">The most since the start.</param>
/// <param name="FailCount">Refusals since the start.</param>
public readonly record struct KernelAccount(long Held, long MaxHeld, long FailCount);
