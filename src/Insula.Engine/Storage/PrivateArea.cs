using Insula.Linux.FileSystems;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>VE_PRIVATE as a directory.</summary>
internal static class PrivateArea
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes an empty one; on btrfs a subvolume, which can be counted and limited by itself.</summary>
    public static void Create(string path)
    {
        var above = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(above, OwnerOnly);
        if (FileSystemStatus.Of(above).Type != FileSystemStatus.Btrfs)
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return;
        }
        BtrfsSubvolume.Create(path);
        File.SetUnixFileMode(path, OwnerOnly);
    }
}
