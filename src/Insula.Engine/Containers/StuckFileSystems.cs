using Insula.Engine.Serving;
using Insula.Linux.FileSystems;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// FUSE file systems that a container has mounted itself. A process of it that waits for one whose server is gone, or that serves itself, does not end when it is
/// killed, and the container with it.
/// </summary>
internal static class StuckFileSystems
{
    /// <summary>Ends those of a container that has been killed. File systems that the host sees too are the host's, and stay.</summary>
    public static void Release(ContainerContext container)
    {
        try
        {
            var ours = MountTable.ReadOwn();
            // Where this command does not see what insulad serves, it cannot tell that from a file system that the container gave the same type.
            var knowsServed = MountTable.IsMountPoint(ours, new DaemonFiles(container.Engine.Layout).MountPoint);
            var own = container.Group.Processes().SelectMany(Mounted)
                .Where(mount => knowsServed || mount.Type != ServedConnection.FileSystemType).Select(mount => mount.Device);
            foreach (var device in own.Except(ours.Select(mount => mount.Device)))
            {
                if (FuseConnections.TryAbort(device))
                    container.Engine.Reporter.Warning($"A FUSE file system of CT {container.Ctid} was ended: the container did not end when it was killed");
            }
        }
        catch (LinuxException error)
        {
            // Then it takes as long as it takes.
            container.Engine.Reporter.Warning($"The FUSE file systems of CT {container.Ctid} cannot be ended: {error.Message}");
        }
    }

    // Each process may have mounts of its own; one that has just ended has none.
    private static IEnumerable<MountEntry> Mounted(int pid)
        => Files.TryReadText(Files.CurrentDirectory, $"/proc/{pid}/mountinfo", out var text) == Errno.None
            ? MountTable.Parse(text).Where(mount => FuseConnections.IsFuse(mount.Type))
            : [];
}
