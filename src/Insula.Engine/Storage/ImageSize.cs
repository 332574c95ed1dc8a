using Insula.Linux.BlockDevices;
using Insula.Linux.FileSystems;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>
/// The size of a container's disk image. ext4 grows while it is mounted and shrinks only while it is not. The file is never shorter
/// than the file system in it, at no moment: a resize that was killed leaves a file that is too long, and the next one goes on from there.
/// </summary>
/// <param name="privateArea">VE_PRIVATE.</param>
internal sealed class ImageSize(string privateArea)
{
    private const int Block = 4096;

    private readonly string _file = ImageLayout.ImageFile(privateArea);

    /// <summary>Blocks of 1024 bytes that the file system takes up.</summary>
    public long KiB => Read().Size / 1024;

    /// <summary>Changes the size.</summary>
    /// <exception cref="InsulaException">154: it is not possible, or not now, and nothing was changed; 46: the disk is full.</exception>
    public void Set(long kib)
    {
        var bytes = kib * 1024 / Block * Block;
        var now = Read();
        if (now.BlockSize == Block && now.Size == bytes)
            return;
        var mounted = ImageLayout.IsMounted(privateArea);
        if (!mounted)
            ImageLayout.RequireFree(privateArea, ExitCode.ResizeImage);
        if (bytes < now.Size)
        {
            if (mounted)
                throw new InsulaException(ExitCode.ResizeImage, $"The image {_file} can shrink only while it is not mounted: ext4 shrinks offline", "stop the container first");
            Shrink(now, bytes);
        }
        else if (mounted)
        {
            GrowMounted(now, bytes);
        }
        else
        {
            Ext4Tools.Check(_file, always: true);
            SetLength(bytes);
            Ext4Tools.Resize(_file, bytes / 1024);
        }
    }

    private Ext4FileSystem Read()
        => Ext4FileSystem.TryRead(_file) ?? throw new InsulaException(ExitCode.ResizeImage, $"{_file} holds no ext4", "restore it from a backup of the private area");

    private void Shrink(Ext4FileSystem now, long bytes)
    {
        Ext4Tools.Check(_file, always: true);
        var least = Ext4Tools.SmallestSize(_file, now.BlockSize);
        if (bytes < least)
        {
            throw new InsulaException(
                ExitCode.ResizeImage, $"The image {_file} cannot shrink to {bytes / 1024} KiB: what is in it needs {least / 1024} KiB",
                "remove files in the container first");
        }
        Ext4Tools.Resize(_file, bytes / 1024);
        SetLength(bytes);
    }

    private void GrowMounted(Ext4FileSystem now, long bytes)
    {
        try
        {
            SetLength(bytes);
            UpdateDevices();
            using var top = Files.Open(ImageLayout.MountPoint(privateArea), OpenFlags.ReadOnly | OpenFlags.Directory);
            Ext4FileSystem.Grow(top, bytes / now.BlockSize, _file);
        }
        catch (LinuxException error)
        {
            // The file system is as it was, so what was added to the file is nobody's.
            SetLength(now.Size);
            UpdateDevices();
            throw new InsulaException(
                ExitCode.ResizeImage, $"Unable to enlarge {_file}: {error.Message}",
                error.Errno == Errno.EPERM ? "ext4 grows online for who has CAP_SYS_RESOURCE only; stop the container and try again" : error.Hint, error);
        }
    }

    private void UpdateDevices()
    {
        foreach (var device in LoopDevice.FindAll(_file, new BlockDeviceTable()))
            LoopDevice.UpdateSize(device);
    }

    private void SetLength(long bytes)
    {
        using var image = File.OpenWrite(_file);
        image.SetLength(bytes);
    }
}
