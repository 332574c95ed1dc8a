using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>The paths and ids a layout works on.</summary>
/// <param name="Private">VE_PRIVATE: what the container owns on disk.</param>
/// <param name="Root">VE_ROOT: where the host sees the container's files while it is mounted.</param>
/// <param name="RunDirectory">A directory of this container under /run/insula.</param>
/// <param name="Ids">The container's id range.</param>
/// <param name="Source">What /proc/mounts shows as the device: "insula:101".</param>
public sealed record StoragePaths(string Private, string Root, string RunDirectory, IdMap Ids, string Source)
{
    /// <summary>True if users and groups of the container are to have disk quotas of their own.</summary>
    public bool UserQuota { get; init; }
}

/// <summary>One way to keep a container's files.</summary>
public interface IStorageLayout
{
    /// <summary>The layout's name in VE_LAYOUT: overlay, dir, image.</summary>
    string Name { get; }

    /// <summary>Mounts the container's files on VE_ROOT for the host to see, after taking away what a killed command has left.</summary>
    /// <param name="paths">The container's.</param>
    /// <param name="undo">Gets the way back of what is not gone with VE_ROOT's mount.</param>
    /// <exception cref="InsulaException">43 without a private area.</exception>
    void Mount(StoragePaths paths, UndoStack undo);

    /// <summary>Takes away what <see cref="Mount"/> made, and what of it a killed command has left. Nothing there is no error.</summary>
    /// <param name="privateArea">VE_PRIVATE.</param>
    /// <param name="root">VE_ROOT.</param>
    /// <exception cref="InsulaException">51: it is busy.</exception>
    void Unmount(string privateArea, string root) => RootMount.Unmount(root);

    /// <summary>
    /// What the container itself gets as its root: a detached copy of what is mounted on VE_ROOT, with what action scripts have mounted
    /// below it, its owners those of the container, and free of what restrains the host's view.
    /// </summary>
    FileDescriptor OpenContainerRoot(StoragePaths paths);

    /// <summary>The host id that owns files which the host writes at VE_ROOT for the container's root.</summary>
    (uint Uid, uint Gid) RootOwner(StoragePaths paths);

    /// <summary>A path in the file system that holds what the container writes.</summary>
    string DataPath(StoragePaths paths) => paths.Private;

    /// <summary>The directories whose content counts against the container's disk quota, where the file system can count directories.</summary>
    IReadOnlyList<string> QuotaDirectories(StoragePaths paths) => [paths.Private];
}
