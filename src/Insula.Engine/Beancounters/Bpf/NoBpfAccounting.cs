using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>A kernel that takes none of our programs.</summary>
/// <param name="reason">Why not.</param>
public sealed class NoBpfAccounting(string reason) : IBpfAccounting
{
    private static readonly Dictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>> Nobody = [];

    /// <inheritdoc/>
    public BpfMechanism MechanismOf(BeancounterResource resource) => new(false, reason);

    /// <inheritdoc/>
    public void Attach(Ctid ctid, int initPid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
    }

    /// <inheritdoc/>
    public void AttachGroup(Ctid ctid, ControlGroup group)
    {
    }

    /// <inheritdoc/>
    public void SetLimits(Ctid ctid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<BeancounterResource, BpfCount>? Read(Ctid ctid) => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>> ReadAll() => Nobody;

    /// <inheritdoc/>
    public void Release(Ctid ctid)
    {
    }
}
