using Insula.Linux.FileSystems;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.BlockDevices;

/// <summary>The block devices that hold a file or directory.</summary>
public static class FileSystemDevices
{
    /// <summary>
    /// The devices that a path's file system sends its requests to; several for btrfs over several disks. None for a file system
    /// without devices (tmpfs, overlay, network file systems) and for one of whose devices nothing can be found out (zfs, bcachefs).
    /// </summary>
    /// <param name="path">A path that is there.</param>
    /// <param name="table">The host's devices.</param>
    /// <exception cref="LinuxException">There is no such path.</exception>
    public static IReadOnlyList<BlockDevice> Of(string path, BlockDeviceTable table)
    {
        using var file = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        var device = FileStatus.Of(file, path).Device;
        var number = new DeviceNumber((int)(device >> 32), (int)(device & uint.MaxValue));
        if (!number.IsAnonymous)
            return table.Find(number) is { } found ? [found] : [];
        // btrfs gives each subvolume a number of its own that leads nowhere, but names its devices when asked.
        if (FileSystemStatus.Of(file, path).Type != FileSystemStatus.Btrfs)
            return [];
        var devices = new List<BlockDevice>();
        foreach (var node in BtrfsFileSystem.DevicesOf(file, path))
        {
            if (table.Find(node) is { } found)
                devices.Add(found);
        }
        return devices;
    }

    /// <summary>Those devices and all below them, each once, from the top down.</summary>
    public static IReadOnlyList<BlockDevice> ChainOf(string path, BlockDeviceTable table)
    {
        var chain = new List<BlockDevice>();
        foreach (var top in Of(path, table))
        {
            foreach (var device in table.Below(top, file => File.Exists(file) ? Of(file, table) : []))
            {
                if (!chain.Contains(device))
                    chain.Add(device);
            }
        }
        return chain;
    }
}
