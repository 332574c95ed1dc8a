using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>Owners of the host's own files.</summary>
internal static class Ownership
{
    /// <summary>fchownat(2) on a path that only root can change; a symbolic link itself is changed, not its target.</summary>
    internal static void Set(string path, uint uid, uint gid)
    {
        const int AT_SYMLINK_NOFOLLOW = 0x100;
        using var directory = Files.Open(Path.GetDirectoryName(path)!, OpenFlags.Path | OpenFlags.Directory);
        Kernel.ChangeOwner(directory, Path.GetFileName(path), uid, gid, AT_SYMLINK_NOFOLLOW, path);
    }
}
