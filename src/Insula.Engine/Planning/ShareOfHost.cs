namespace Insula.Engine.Planning;

/// <summary>How much of one of the host's resources a container takes, as fractions; null where the question makes no sense.</summary>
/// <param name="Current">In use; null if the container does not run.</param>
/// <param name="Promised">Promised to it.</param>
/// <param name="Most">That it can take at most.</param>
public readonly record struct ShareOfHost(double? Current, double? Promised, double? Most)
{
    /// <summary>The larger one of each number.</summary>
    public ShareOfHost Or(ShareOfHost other) => new(Larger(Current, other.Current), Larger(Promised, other.Promised), Larger(Most, other.Most));

    private static double? Larger(double? one, double? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);
}
