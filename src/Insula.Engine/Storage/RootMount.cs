using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>What is mounted on a container's VE_ROOT.</summary>
public static class RootMount
{
    /// <summary>
    /// How the host sees a container's files: a set-user-ID program or a device node that somebody made inside is neither here.
    /// </summary>
    public const MountAttributes HostView = MountAttributes.NoSetUid | MountAttributes.NoDevices;

    private const int BusyAttempts = 20;

    /// <summary>True if something is mounted exactly there.</summary>
    public static bool IsMounted(string root) => MountTable.IsMountPoint(root);

    /// <summary>
    /// Unmounts VE_ROOT and everything that action scripts mounted below it, last first. A mount that is busy for the moment it takes a
    /// dying process to let go is tried again.
    /// </summary>
    /// <param name="root">The mount point.</param>
    /// <param name="code">What it is an error of when it stays busy.</param>
    /// <exception cref="InsulaException">51, or the code given: still busy.</exception>
    public static void Unmount(string root, ExitCode code = ExitCode.CannotUnmount)
    {
        foreach (var entry in MountTable.AtOrBelow(MountTable.ReadOwn(), root))
            UnmountOne(entry.MountPoint, code);
    }

    private static void UnmountOne(string path, ExitCode code)
    {
        for (var attempt = 0; ; attempt++)
        {
            var errno = DetachedMount.TryUnmount(path, detach: false);
            // EINVAL: it is no mount point any more, which is what was wanted.
            if (errno is Errno.None or Errno.EINVAL or Errno.ENOENT)
                return;
            if (errno != Errno.EBUSY || attempt == BusyAttempts)
            {
                throw new InsulaException(
                    code, $"Can't umount {path}: {ErrnoText.Describe(errno)}",
                    errno == Errno.EBUSY ? $"a process of the host works there; find it with: fuser -vm {path}" : null);
            }
            Thread.Sleep(10 << Math.Min(attempt, 4));
        }
    }
}
