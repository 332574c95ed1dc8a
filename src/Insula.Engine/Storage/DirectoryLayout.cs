using Insula.Linux.Mounts;

namespace Insula.Engine.Storage;

/// <summary>
/// Layout "dir", OpenVZ's simfs: VE_PRIVATE is the root file system itself, with the owners its users see (0 to 65535). The id-mapped
/// mount on VE_ROOT shifts them to the container's range, so a private area of an old OpenVZ host is used as it is.
/// </summary>
public sealed class DirectoryLayout : IStorageLayout
{
    /// <inheritdoc/>
    public string Name => "dir";

    /// <inheritdoc/>
    public void Mount(StoragePaths paths)
    {
        if (!Directory.Exists(paths.Private))
            throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {paths.Private} does not exist");
        using var tree = DetachedMount.Clone(paths.Private);
        using var ids = paths.Ids.CreateUserNamespace();
        DetachedMount.SetAttributes(tree, MountAttributes.IdMap, ids, recursive: false, privatePropagation: true, paths.Private);
        DetachedMount.Attach(tree, paths.Root);
    }
}
