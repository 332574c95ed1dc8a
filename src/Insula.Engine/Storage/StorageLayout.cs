using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>The paths and ids a layout works on.</summary>
/// <param name="Private">VE_PRIVATE: what the container owns on disk.</param>
/// <param name="Root">VE_ROOT: where the host sees the container's files while it is mounted.</param>
/// <param name="RunDirectory">A directory of this container under /run/insula.</param>
/// <param name="Ids">The container's id range.</param>
/// <param name="Source">What /proc/mounts shows as the device: "insula:101".</param>
public sealed record StoragePaths(string Private, string Root, string RunDirectory, IdMap Ids, string Source);

/// <summary>One way to keep a container's files.</summary>
public interface IStorageLayout
{
    /// <summary>The layout's name in VE_LAYOUT: overlay, dir.</summary>
    string Name { get; }

    /// <summary>Mounts the container's files on VE_ROOT for the host to see.</summary>
    /// <exception cref="InsulaException">43 without a private area.</exception>
    void Mount(StoragePaths paths);

    /// <summary>
    /// What the container itself gets as its root: a detached copy of what is mounted on VE_ROOT, with what action scripts have mounted
    /// below it, its owners those of the container, and free of what restrains the host's view.
    /// </summary>
    FileDescriptor OpenContainerRoot(StoragePaths paths);

    /// <summary>The host id that owns files which the host writes at VE_ROOT for the container's root.</summary>
    (uint Uid, uint Gid) RootOwner(StoragePaths paths);

    /// <summary>A path in the file system that holds what the container writes.</summary>
    string DataPath(StoragePaths paths) => paths.Private;
}
