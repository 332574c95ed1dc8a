using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>
/// Layout "dir", OpenVZ's simfs: VE_PRIVATE is the root file system itself, with the owners its users see (0 to 65535), so that a
/// private area of an old OpenVZ host is used as it is. The host sees it so at VE_ROOT, and scripts of the administrator may write there;
/// the container gets a copy of that mount in which the owners are shifted to its id range.
/// </summary>
public sealed class DirectoryLayout : IStorageLayout
{
    /// <inheritdoc/>
    public string Name => "dir";

    /// <inheritdoc/>
    public void Mount(StoragePaths paths, UndoStack undo)
    {
        if (!Directory.Exists(paths.Private))
            throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {paths.Private} does not exist");
        using var tree = DetachedMount.Clone(paths.Private);
        DetachedMount.SetAttributes(tree, RootMount.HostView, userNamespace: null, recursive: false, privatePropagation: true, paths.Private);
        DetachedMount.Attach(tree, paths.Root);
    }

    /// <inheritdoc/>
    public FileDescriptor OpenContainerRoot(StoragePaths paths)
    {
        // What action scripts have mounted below it keeps its own owners.
        var tree = DetachedMount.Clone(paths.Root, recursive: true);
        using var ids = paths.Ids.CreateUserNamespace();
        DetachedMount.SetAttributes(
            tree, MountAttributes.IdMap, ids, recursive: false, privatePropagation: true, paths.Root, clear: RootMount.HostView);
        return tree;
    }

    /// <inheritdoc/>
    public (uint Uid, uint Gid) RootOwner(StoragePaths paths) => (0, 0);
}
