using Insula.Linux.Launch;
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
        WriteNotes(privateArea, digest);
        OverlayMount.CreateWork(WorkDirectory(privateArea));
        OverlayMount.CreateUpper(UpperDirectory(privateArea), findLayer(digest), ids);
    }

    /// <summary>Notes the layer of a new private area, and that the container has not been started yet.</summary>
    internal static void WriteNotes(string privateArea, string digest)
    {
        File.WriteAllText(LayerFile(privateArea), digest + "\n");
        File.WriteAllText(FreshFile(privateArea), "");
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
    public IReadOnlyList<string> QuotaDirectories(StoragePaths paths) => [UpperDirectory(paths.Private), WorkDirectory(paths.Private)];

    /// <inheritdoc/>
    public void Mount(StoragePaths paths, UndoStack undo)
    {
        var digest = ReadDigest(paths.Private)
            ?? throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {paths.Private} does not exist or is not of layout overlay");
        OverlayMount.Attach(paths, findLayer(digest), UpperDirectory(paths.Private), WorkDirectory(paths.Private));
    }

    /// <inheritdoc/>
    public FileDescriptor OpenContainerRoot(StoragePaths paths) => OverlayMount.OpenContainerRoot(paths);

    /// <inheritdoc/>
    public (uint Uid, uint Gid) RootOwner(StoragePaths paths) => (paths.Ids.UidBase, paths.Ids.GidBase);
}
