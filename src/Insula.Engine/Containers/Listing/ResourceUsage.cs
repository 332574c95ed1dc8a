namespace Insula.Engine.Containers.Listing;

/// <summary>What a running container uses of one resource, in the beancounter's unit. Null: no mechanism on this host tells.</summary>
/// <param name="Held">Now.</param>
/// <param name="MaxHeld">The most since the container started.</param>
/// <param name="FailCount">How often the bound refused.</param>
public readonly record struct ResourceUsage(long? Held, long? MaxHeld, long? FailCount)
{
    /// <summary>Nothing is used: the container does not run.</summary>
    public static ResourceUsage None => new(0, 0, 0);
}
