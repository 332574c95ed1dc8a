using Insula.Engine.Containers;

namespace Insula.Engine.Network.Guard;

/// <summary>What of a container's packets was dropped for one reason, since it was started.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Reason">Why.</param>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record GuardCount(Ctid Ctid, GuardReason Reason, ulong Packets, ulong Bytes)
{
    /// <summary>The reason as it is printed: <c>source</c>.</summary>
    public string ReasonName => GuardTable.NameOf(Reason);
}
