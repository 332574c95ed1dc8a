using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>A template layer, seen through an id-mapped mount, below a writable directory: what layouts overlay and image have in common.</summary>
internal static class OverlayMount
{
    /// <summary>Mounts the overlay on VE_ROOT.</summary>
    /// <param name="paths">The container's.</param>
    /// <param name="layerRoot">The layer.</param>
    /// <param name="upper">What the container writes; belongs to the container's ids.</param>
    /// <param name="work">An empty directory on the same file system.</param>
    public static void Attach(StoragePaths paths, string layerRoot, string upper, string work)
    {
        using var lower = OpenLayer(layerRoot, paths.Ids);
        if (!TryAttachByDescriptor(paths, lower, upper, work))
            AttachByPath(paths, lower, upper, work);
    }

    /// <summary>The layer, read-only and as the container's ids see it, attached nowhere.</summary>
    internal static FileDescriptor OpenLayer(string layerRoot, IdMap ids)
    {
        var lower = DetachedMount.Clone(layerRoot);
        using var map = ids.CreateUserNamespace();
        DetachedMount.SetAttributes(
            lower, MountAttributes.IdMap | MountAttributes.ReadOnly, map, recursive: false, privatePropagation: true, layerRoot);
        return lower;
    }

    // Linux 6.13 takes a layer as a descriptor, 6.15 also of a mount that is attached nowhere. Older ones answer EINVAL.
    internal static bool TryAttachByDescriptor(StoragePaths paths, FileDescriptor lower, string upper, string work)
    {
        using var overlay = FileSystemContext.Open("overlay").Set("source", paths.Source);
        if (overlay.TrySet("lowerdir+", lower) != Errno.None)
            return false;
        try
        {
            AttachWhole(paths, overlay, upper, work);
            return true;
        }
        catch (LinuxException error) when (error.Errno == Errno.EINVAL)
        {
            return false;
        }
    }

    internal static void AttachByPath(StoragePaths paths, FileDescriptor lower, string upper, string work)
    {
        var lowerPoint = Path.Combine(paths.RunDirectory, "lower");
        Directory.CreateDirectory(lowerPoint);
        DetachedMount.Attach(lower, lowerPoint);
        try
        {
            using var directory = OpenDirectory(lowerPoint);
            using var overlay = FileSystemContext.Open("overlay").Set("source", paths.Source).Set("lowerdir", NameOf(directory));
            AttachWhole(paths, overlay, upper, work);
        }
        finally
        {
            // The overlay keeps a private copy of the lower mount; the name was only needed to hand it over. A directory that stays behind
            // is how the next command knows that this one was killed.
            DetachedMount.TryUnmount(lowerPoint, detach: true);
            Directory.Delete(lowerPoint);
            if (!Directory.EnumerateFileSystemEntries(paths.RunDirectory).Any())
                Directory.Delete(paths.RunDirectory);
        }
    }

    private static void AttachWhole(StoragePaths paths, FileSystemContext overlay, string upper, string work)
    {
        using var upperDirectory = OpenDirectory(upper);
        using var workDirectory = OpenDirectory(work);
        overlay.Set("upperdir", NameOf(upperDirectory)).Set("workdir", NameOf(workDirectory));
        using var mount = overlay.CreateMount(RootMount.HostView);
        DetachedMount.Attach(mount, paths.Root);
    }

    private static FileDescriptor OpenDirectory(string path) => Files.Open(path, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow);

    // The container reads the mount's options as they are given. The name of a descriptor tells it nothing about the host.
    private static string NameOf(FileDescriptor directory) => $"/proc/self/fd/{directory.Number}";

    /// <summary>The container's own copy of what is mounted on VE_ROOT.</summary>
    public static FileDescriptor OpenContainerRoot(StoragePaths paths)
    {
        var tree = DetachedMount.Clone(paths.Root, recursive: true);
        DetachedMount.SetAttributes(
            tree, MountAttributes.None, userNamespace: null, recursive: false, privatePropagation: true, paths.Root, clear: RootMount.HostView);
        return tree;
    }

    /// <summary>Makes the writable directory, with the mode of the layer's root and the container's root as its owner.</summary>
    public static void CreateUpper(string upper, string layerRoot, IdMap ids)
    {
        Directory.CreateDirectory(upper);
        File.SetUnixFileMode(upper, File.GetUnixFileMode(layerRoot));
        Ownership.Set(upper, ids.UidBase, ids.GidBase);
    }

    /// <summary>Makes the directory that the overlay works in.</summary>
    public static void CreateWork(string work)
        => Directory.CreateDirectory(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
