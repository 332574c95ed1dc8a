namespace Insula.Linux.FileTrees;

/// <summary>A timestamp of a file: seconds since 1970 (may be negative) and nanoseconds within that second.</summary>
public readonly record struct FileTime(long Seconds, int Nanoseconds)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Seconds}.{Nanoseconds:D9}";
}
