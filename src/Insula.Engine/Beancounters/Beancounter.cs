using Insula.Engine.Containers;

namespace Insula.Engine.Beancounters;

/// <summary>The account of a container, or of the host (0).</summary>
/// <param name="Ctid">Whose.</param>
/// <param name="Rows">One for each of <see cref="BeancounterResources.All"/>, in that order.</param>
public sealed record Beancounter(Ctid Ctid, IReadOnlyList<BeancounterReading> Rows)
{
    /// <summary>The row of a resource.</summary>
    public BeancounterReading this[BeancounterResource resource] => Rows.First(row => row.Resource == resource);
}
