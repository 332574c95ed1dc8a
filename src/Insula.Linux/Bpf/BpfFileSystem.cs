using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>A mount of the bpf file system, for names of maps and links.</summary>
public static class BpfFileSystem
{
    private const string Type = "bpf";

    /// <summary>True if one is mounted exactly there.</summary>
    public static bool IsMounted(string directory)
        => MountTable.ReadOwn().Any(mount => mount.MountPoint == directory && mount.Type == Type);

    /// <summary>Mounts an empty one for root alone; each mount is a file system of its own.</summary>
    /// <param name="directory">An empty directory.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Mount(string directory)
    {
        using var context = FileSystemContext.Open(Type);
        using var mount = context.Set("mode", "0700").CreateMount(MountAttributes.NoSetUid | MountAttributes.NoDevices | MountAttributes.NoExec);
        DetachedMount.Attach(mount, directory);
    }

    /// <summary>Unmounts it; what only its names kept alive goes.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Unmount(string directory)
    {
        var errno = DetachedMount.TryUnmount(directory, detach: true);
        if (errno is not (Errno.None or Errno.EINVAL))
            throw new LinuxException("unmount", directory, errno);
    }
}
