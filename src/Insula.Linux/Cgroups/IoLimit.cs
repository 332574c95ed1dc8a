namespace Insula.Linux.Cgroups;

/// <summary>
/// How much a group may ask of one device. The kernel counts reading and writing apart and holds each to these figures; 0 is no limit.
/// </summary>
/// <param name="BytesPerSecond">Bytes a second in each direction.</param>
/// <param name="OperationsPerSecond">Requests a second in each direction.</param>
public readonly record struct IoLimit(long BytesPerSecond, long OperationsPerSecond)
{
    /// <summary>No limit.</summary>
    public static IoLimit None => default;
}
