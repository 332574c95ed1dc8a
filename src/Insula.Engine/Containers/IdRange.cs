namespace Insula.Engine.Containers;

/// <summary>The 65,536 consecutive host ids that are a container's ids 0 to 65535.</summary>
/// <param name="FirstUid">The host user id of the container's root: LOCAL_UID.</param>
/// <param name="FirstGid">The host group id of the container's group 0: LOCAL_GID.</param>
public readonly record struct IdRange(uint FirstUid, uint FirstGid)
{
    /// <summary>How many ids a container has.</summary>
    public const uint Size = 65536;

    /// <summary>The last first id of a range that ends below 2^32 - 65536; (uid_t)-1 and its neighbours mean "none" to the kernel.</summary>
    public const uint LargestFirst = uint.MaxValue - 2 * Size + 1;

    /// <summary>True when the two share a user or a group id.</summary>
    public bool Overlaps(IdRange other) => Overlap(FirstUid, other.FirstUid) || Overlap(FirstGid, other.FirstGid);

    private static bool Overlap(uint one, uint other) => (one > other ? one - other : other - one) < Size;
}
