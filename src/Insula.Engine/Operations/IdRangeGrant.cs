using Insula.Engine.Containers;

namespace Insula.Engine.Operations;

/// <summary>Gives an id range to a container that was configured without one: its file comes from an OpenVZ host, or another program wrote it.</summary>
internal static class IdRangeGrant
{
    /// <summary>Chooses and saves a range if there is none; refuses one that overlaps another container's.</summary>
    public static void Ensure(ContainerContext container)
    {
        var allocator = new IdRangeAllocator(container.Engine.Store);
        if (IdRangeAllocator.RangeOf(container.Config) is { } range)
        {
            allocator.Validate(container.Ctid, range);
            return;
        }
        using var allocation = AllocationLock.Take(container.Engine.Layout, "allocating ids");
        allocator.AllocateFor(container.Config, allocation);
    }
}
