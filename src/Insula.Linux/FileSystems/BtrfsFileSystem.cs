using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>What btrfs tells by ioctl(2): its devices (linux/btrfs.h).</summary>
public static unsafe class BtrfsFileSystem
{
    internal const uint BTRFS_IOC_DEV_INFO = 0xD000941E, BTRFS_IOC_FS_INFO = 0x8400941F;

    /// <summary>The nodes of the devices of the btrfs that a file is in: /dev/sda2, /dev/sdb2.</summary>
    /// <exception cref="LinuxException">It is no btrfs.</exception>
    public static IReadOnlyList<string> DevicesOf(FileDescriptor file, string display)
    {
        FileSystemInfo info = default;
        Kernel.Check(Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_FS_INFO), (nint)(&info)), "read the devices of", display);
        var nodes = new List<string>();
        // Numbers of devices that were removed stay empty.
        for (ulong id = 0; id <= info.LastDevice && (ulong)nodes.Count < info.Devices; id++)
        {
            var device = new DeviceInfo { Id = id };
            var result = Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_DEV_INFO), (nint)(&device));
            if (Kernel.ErrnoOf(result) == Errno.ENODEV)
                continue;
            Kernel.Check(result, "read the devices of", display);
            var path = new ReadOnlySpan<byte>(device.Path, DeviceInfo.PathLength);
            nodes.Add(Encoding.UTF8.GetString(path[..Math.Max(path.IndexOf((byte)0), 0)]));
        }
        return nodes;
    }

    /// <summary>Its UUID as /sys/fs/btrfs names it.</summary>
    public static string UuidOf(FileDescriptor file, string display)
    {
        FileSystemInfo info = default;
        Kernel.Check(Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_FS_INFO), (nint)(&info)), "read the UUID of", display);
        return new Guid(new ReadOnlySpan<byte>(info.Uuid, FileSystemInfo.UuidLength), bigEndian: true).ToString("D");
    }

    [StructLayout(LayoutKind.Explicit, Size = 1024)]
    internal struct FileSystemInfo
    {
        public const int UuidLength = 16;

        [FieldOffset(0)]
        public ulong LastDevice;

        [FieldOffset(8)]
        public ulong Devices;

        [FieldOffset(16)]
        public fixed byte Uuid[UuidLength];
    }

    [StructLayout(LayoutKind.Explicit, Size = 4096)]
    internal struct DeviceInfo
    {
        public const int PathLength = 1024;

        [FieldOffset(0)]
        public ulong Id;

        [FieldOffset(3072)]
        public fixed byte Path[PathLength];
    }
}
