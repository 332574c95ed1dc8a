namespace Insula.Engine.Beancounters.Shared;

/// <summary>Resident memory of all containers and how they share it, in bytes.</summary>
/// <param name="Containers">The containers, the one that was started first at the front: in this order they count as having come to a page.</param>
/// <param name="Present">Memory that containers hold, each page once.</param>
/// <param name="HostShare">The part of it that counts for the host, whose processes map some of these pages too; null if that is not known.</param>
public sealed record SharedMemory(IReadOnlyList<SharedMemoryRow> Containers, long Present, long? HostShare)
{
    /// <summary>What the containers would hold if they shared nothing with each other.</summary>
    public long Unshared => Containers.Sum(container => container.Distinct);

    /// <summary>What sharing saves.</summary>
    public long Saved => Unshared - Present;
}
