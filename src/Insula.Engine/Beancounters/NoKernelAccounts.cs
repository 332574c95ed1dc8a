using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Beancounters;

/// <summary>A kernel that takes none of our programs.</summary>
public sealed class NoKernelAccounts : IKernelAccounts
{
    /// <inheritdoc/>
    public bool Counts(BeancounterResource resource) => false;

    /// <inheritdoc/>
    public string Describe(BeancounterResource resource) => "";

    /// <inheritdoc/>
    public KernelAccount? Read(Ctid ctid, BeancounterResource resource) => null;

    /// <inheritdoc/>
    public void Attach(ContainerContext container, IReadOnlyDictionary<BeancounterResource, BarrierLimit> bounds, UndoStack undo)
    {
    }

    /// <inheritdoc/>
    public void SetBounds(Ctid ctid, BeancounterResource resource, BarrierLimit bounds)
    {
    }

    /// <inheritdoc/>
    public void Detach(Ctid ctid)
    {
    }
}
