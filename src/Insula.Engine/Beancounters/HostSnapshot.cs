using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Linux.Processes;

namespace Insula.Engine.Beancounters;

/// <summary>What tells of all containers at once and is therefore read once.</summary>
/// <param name="bpf">What our own programs in the kernel count.</param>
internal sealed class HostSnapshot(IBpfAccounting bpf)
{
    private Dictionary<int, int>? _locks;
    private IReadOnlyDictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>>? _counts;

    /// <summary>Locks by process.</summary>
    public Dictionary<int, int> FileLocks => _locks ??= Insula.Linux.Processes.FileLocks.Read();

    /// <summary>What programs have counted of a container; null for a resource that they do not count, or not for this container.</summary>
    public BpfCount? CountOf(Ctid ctid, BeancounterResource resource)
    {
        if (!IBpfAccounting.Resources.Contains(resource) || !bpf.MechanismOf(resource).Exact)
            return null;
        _counts ??= bpf.ReadAll();
        return _counts.TryGetValue(ctid, out var counts) && counts.TryGetValue(resource, out var count) ? count : null;
    }
}
