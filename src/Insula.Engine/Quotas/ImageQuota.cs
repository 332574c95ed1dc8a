using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Storage;
using Insula.Linux.FileSystems;

namespace Insula.Engine.Quotas;

/// <summary>
/// The container's own disk image: its size is the hard limit of space, its inodes were counted out when it was made. Soft limits have
/// no meaning for it.
/// </summary>
/// <param name="layout">The layout.</param>
/// <param name="container">The container.</param>
public sealed class ImageQuota(ImageLayout layout, ContainerContext container) : IDiskQuota
{
    private readonly ImageSize _size = new(container.Private);

    /// <inheritdoc/>
    public string Name => layout.Name;

    /// <inheritdoc/>
    public QuotaAbilities Abilities => QuotaAbilities.Space | (UserQuota.IsOn(container) ? QuotaAbilities.Users : QuotaAbilities.None);

    /// <inheritdoc/>
    public void Prepare()
    {
        // It is its own count.
    }

    /// <inheritdoc/>
    public void SetLimits(DiskLimits limits)
    {
        if (limits.HardKiB == 0)
            throw new InsulaException(ExitCode.DiskSpaceNotSet, $"{DiskParameters.DiskSpace.Key} is not set, and an image needs a size");
        _size.Set(limits.HardKiB);
    }

    /// <inheritdoc/>
    public QuotaState Read()
    {
        if (ImageLayout.IsMounted(container.Private))
        {
            var mounted = FileSystemStatus.Of(ImageLayout.MountPoint(container.Private));
            return Of(mounted.UsedBytes, mounted.Blocks * mounted.BlockSize, mounted.Inodes - mounted.FreeInodes, mounted.Inodes);
        }
        var file = ImageLayout.ImageFile(container.Private);
        var image = Ext4FileSystem.TryRead(file) ?? throw new InsulaException(ExitCode.QuotaUsage, $"{file} holds no ext4");
        var usable = image.Blocks - image.Overhead;
        return Of((usable - image.FreeBlocks) * image.BlockSize, usable * image.BlockSize, image.Inodes - image.FreeInodes, image.Inodes);
    }

    /// <inheritdoc/>
    public void Forget()
    {
        // It went with the private area.
    }

    private static QuotaState Of(long used, long size, long usedInodes, long inodes)
        => new(new QuotaAmount(used / 1024, size / 1024, size / 1024, 0, 0), new QuotaAmount(usedInodes, inodes, inodes, 0, 0));
}
