using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>What vzdqcheck counts.</summary>
/// <param name="KiB">Blocks of 1024 bytes.</param>
/// <param name="Inodes">Files and directories.</param>
public readonly record struct TreeCount(long KiB, long Inodes)
{
    /// <summary>Counts a directory.</summary>
    /// <exception cref="VzQuotaException">4: it is no directory, or cannot be read.</exception>
    public static TreeCount Of(string path)
    {
        try
        {
            var usage = TreeUsage.Of(path);
            return new TreeCount((usage.Bytes + 1023) / 1024, usage.Inodes);
        }
        catch (LinuxException error)
        {
            throw new VzQuotaException(VzQuotaExit.File, error.Message, error.Hint, error);
        }
    }
}
