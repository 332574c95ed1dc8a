using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>What an error of the file system means.</summary>
internal static class FileErrors
{
    /// <summary>True for a full disk or an exhausted quota, whichever layer reported it.</summary>
    public static bool IsDiskFull(Exception error) => error switch
    {
        LinuxException linux => linux.Errno is Errno.ENOSPC or Errno.EDQUOT,
        // .NET keeps the errno in HResult where it has no exception of its own for it.
        IOException io => io.HResult is (int)Errno.ENOSPC or (int)Errno.EDQUOT,
        _ => false,
    };
}
