using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>
/// What the standard quota tools look for in a container whose users have quotas: a mount of the file system that keeps them, here an empty directory of
/// it, read-only, and a node of the device that the table of mounts names. The devices of a container do not include that one: the node can be
/// looked at and not opened. What the tools ask for by its name <see cref="Serving.QuotaAnswers"/> answers.
/// </summary>
/// <param name="Device">The node's name in /dev.</param>
/// <param name="Node">A detached mount of the node; the caller disposes it.</param>
/// <param name="Tree">A detached mount of the directory; so too.</param>
internal sealed record QuotaView(string Device, FileDescriptor Node, FileDescriptor Tree) : IDisposable
{
    /// <summary>Where the mount is, below /run of the container.</summary>
    public const string Name = "insula-quota";

    /// <summary>For a mounted container; null if its users have no quotas.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static QuotaView? TryOpen(ContainerContext container)
    {
        if (!UserQuota.IsOn(container) || ImageLayout.DeviceOf(container.Private) is not { } device)
            return null;
        var path = ImageLayout.QuotaDirectory(container.Private);
        // Not if it was mounted by an earlier version.
        if (!Directory.Exists(path))
            return null;
        var tree = DetachedMount.Clone(path);
        try
        {
            const MountAttributes harmless = MountAttributes.ReadOnly | MountAttributes.NoSetUid | MountAttributes.NoDevices | MountAttributes.NoExec;
            DetachedMount.SetAttributes(tree, harmless, null, recursive: false, privatePropagation: true, path);
            return new QuotaView(device.Name, DetachedMount.Clone(device.Node), tree);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Node.Dispose();
        Tree.Dispose();
    }
}
