using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.FileSystems;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>Finds the mechanism that can hold a container to its share of the disk.</summary>
internal static class DiskQuotas
{
    /// <summary>The mechanism for a container whose private area is there.</summary>
    public static QuotaChoice Of(ContainerContext container)
    {
        if (container.Storage is ImageLayout image)
            return QuotaChoice.Of(new ImageQuota(image, container));
        if (!Directory.Exists(container.Private))
            return QuotaChoice.None($"there is no private area {container.Private}");
        try
        {
            return OfFileSystem(container.Private, () => new ProjectQuota(container));
        }
        // InsulaException: the container has no ids before its first start.
        catch (Exception error) when (error is LinuxException or InsulaException)
        {
            return QuotaChoice.None(error.Message);
        }
    }

    /// <summary>What a directory's file system offers to the private areas in it; null: something.</summary>
    public static string? WhyNone(string directory)
    {
        try
        {
            using var file = Files.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
            return FileSystemStatus.Of(file, directory).Type switch
            {
                FileSystemStatus.Btrfs => WhyNoSubvolumeQuota(file, directory),
                FileSystemStatus.Ext4 or FileSystemStatus.Xfs => WhyNoProjectQuota(file, directory),
                var type => $"{NameOf(type)}, which {directory} is on, cannot limit directories",
            };
        }
        catch (LinuxException error)
        {
            return error.Message;
        }
    }

    /// <summary>The name of the mechanism that a directory's file system offers; null for none.</summary>
    public static string? MechanismOf(string directory)
        => WhyNone(directory) != null ? null : FileSystemStatus.Of(directory).Type == FileSystemStatus.Btrfs ? SubvolumeQuota.MechanismName : ProjectQuota.MechanismName;

    private static QuotaChoice OfFileSystem(string directory, Func<ProjectQuota> projects)
    {
        if (WhyNone(directory) is { } why)
            return QuotaChoice.None(why);
        using var file = Files.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (FileSystemStatus.Of(file, directory).Type != FileSystemStatus.Btrfs)
            return QuotaChoice.Of(projects());
        return BtrfsSubvolume.IsTop(file, directory)
            ? QuotaChoice.Of(new SubvolumeQuota(directory))
            : QuotaChoice.None($"{directory} is no subvolume: it was made before, or copied; copy it into one that btrfs subvolume create made");
    }

    private static string? WhyNoSubvolumeQuota(FileDescriptor file, string directory)
        => new BtrfsQuota(file, directory).IsEnabled ? null : $"the quotas of the btrfs that holds {directory} are off; switch them on with: insula check --fix {directory}";

    private static string? WhyNoProjectQuota(FileDescriptor file, string directory)
        => new QuotaControl(file, directory).IsEnforced(QuotaKind.Project)
            ? null
            : $"the file system of {directory} is not mounted with project quotas (mount option prjquota; ext4 also needs: tune2fs -O quota,project)";

    private static string NameOf(long type) => type switch
    {
        FileSystemStatus.Tmpfs => "tmpfs",
        FileSystemStatus.Overlay => "overlayfs",
        _ => $"the file system type 0x{type:x}",
    };
}
