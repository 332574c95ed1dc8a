namespace Insula.Engine.Planning.Splitting;

/// <summary>How large the file system is that containers are kept on.</summary>
public static class DiskSize
{
    /// <summary>The size in KiB of the file system that VE_PRIVATE is, or will be, on; null if the system does not tell.</summary>
    /// <param name="pattern">VE_PRIVATE, $VEID not yet replaced.</param>
    public static long? OfPrivateAreas(string pattern)
    {
        var directory = Path.GetDirectoryName(pattern);
        while (directory is not null && !Directory.Exists(directory))
            directory = Path.GetDirectoryName(directory);
        try
        {
            return directory is null ? null : new DriveInfo(directory).TotalSize / 1024;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
