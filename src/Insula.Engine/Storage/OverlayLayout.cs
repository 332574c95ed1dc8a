using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>
/// Layout "overlay": a template layer that all its containers share, read through an id-mapped mount, below the container's own
/// writable directory. VE_PRIVATE holds layer (the layer's digest), upper/ and work/. Creating copies nothing, and a program's text
/// is in memory once for all containers.
/// </summary>
/// <param name="findLayer">Gives the root directory of a layer by digest; throws if it is not there.</param>
public sealed class OverlayLayout(Func<string, string> findLayer) : IStorageLayout
{
    private const int DigestLength = 64;

    /// <inheritdoc/>
    public string Name => "overlay";

    /// <summary>The file in VE_PRIVATE that names the layer.</summary>
    public static string LayerFile(string privateArea) => Path.Combine(privateArea, "layer");

    /// <summary>A file in VE_PRIVATE that is there until the container's first start, which does what a fresh container needs once.</summary>
    public static string FreshFile(string privateArea) => Path.Combine(privateArea, "fresh");

    /// <summary>What the container has written.</summary>
    public static string UpperDirectory(string privateArea) => Path.Combine(privateArea, "upper");

    private static string WorkDirectory(string privateArea) => Path.Combine(privateArea, "work");

    /// <summary>
    /// Fills a new, empty private area. The upper directory gets the mode of the layer's root and belongs to the container's root.
    /// </summary>
    /// <param name="privateArea">An existing empty directory.</param>
    /// <param name="digest">The layer, as 64 hexadecimal digits.</param>
    /// <param name="ids">The container's id range.</param>
    public void Populate(string privateArea, string digest, IdMap ids)
    {
        var mode = File.GetUnixFileMode(findLayer(digest));
        File.WriteAllText(LayerFile(privateArea), digest + "\n");
        File.WriteAllText(FreshFile(privateArea), "");
        Directory.CreateDirectory(WorkDirectory(privateArea), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var upper = UpperDirectory(privateArea);
        Directory.CreateDirectory(upper);
        File.SetUnixFileMode(upper, mode);
        Ownership.Set(upper, ids.UidBase, ids.GidBase);
    }

    /// <summary>The digest a private area names, or null if it is no overlay area.</summary>
    public static string? ReadDigest(string privateArea)
    {
        var file = LayerFile(privateArea);
        var errno = Files.TryReadText(Files.CurrentDirectory, file, out var digest);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (errno != Errno.None)
            throw new LinuxException("read", file, errno);
        digest = digest.Trim();
        if (digest.Length != DigestLength || !digest.All(char.IsAsciiHexDigitLower))
            throw new InsulaException(ExitCode.NoPrivateArea, $"{file} does not name a template layer", "restore it from a backup of the private area");
        return digest;
    }

    /// <inheritdoc/>
    public void Mount(StoragePaths paths)
    {
        var digest = ReadDigest(paths.Private)
            ?? throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {paths.Private} does not exist or is not of layout overlay");
        using var lower = OpenLayer(findLayer(digest), paths.Ids);
        if (!TryMountByDescriptor(paths, lower))
            MountByPath(paths, lower);
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
    internal static bool TryMountByDescriptor(StoragePaths paths, FileDescriptor lower)
    {
        using var overlay = FileSystemContext.Open("overlay").Set("source", paths.Source);
        if (overlay.TrySet("lowerdir+", lower) != Errno.None)
            return false;
        try
        {
            MountOn(paths, overlay);
            return true;
        }
        catch (LinuxException error) when (error.Errno == Errno.EINVAL)
        {
            return false;
        }
    }

    internal static void MountByPath(StoragePaths paths, FileDescriptor lower)
    {
        var lowerPoint = Path.Combine(paths.RunDirectory, "lower");
        Directory.CreateDirectory(lowerPoint);
        DetachedMount.Attach(lower, lowerPoint);
        try
        {
            using var overlay = FileSystemContext.Open("overlay").Set("source", paths.Source).Set("lowerdir", lowerPoint);
            MountOn(paths, overlay);
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

    private static void MountOn(StoragePaths paths, FileSystemContext overlay)
    {
        overlay.Set("upperdir", UpperDirectory(paths.Private)).Set("workdir", WorkDirectory(paths.Private));
        using var mount = overlay.CreateMount(RootMount.HostView);
        DetachedMount.Attach(mount, paths.Root);
    }

    /// <inheritdoc/>
    public FileDescriptor OpenContainerRoot(StoragePaths paths)
    {
        var tree = DetachedMount.Clone(paths.Root, recursive: true);
        DetachedMount.SetAttributes(
            tree, MountAttributes.None, userNamespace: null, recursive: false, privatePropagation: true, paths.Root, clear: RootMount.HostView);
        return tree;
    }

    /// <inheritdoc/>
    public (uint Uid, uint Gid) RootOwner(StoragePaths paths) => (paths.Ids.UidBase, paths.Ids.GidBase);
}
