using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>Subvolumes of btrfs: directories that it counts, and limits, by themselves.</summary>
public static unsafe class BtrfsSubvolume
{
    internal const uint BTRFS_IOC_SUBVOL_CREATE = 0x5000940E, BTRFS_IOC_INO_LOOKUP = 0xD0009412;
    internal const ulong TopInode = 256; // BTRFS_FIRST_FREE_OBJECTID
    private const int LongestName = 255;

    /// <summary>Makes a subvolume where there is nothing yet. It is renamed and, when it is empty, removed like any directory.</summary>
    /// <exception cref="LinuxException">ENOTTY: the directory above is not on btrfs.</exception>
    public static void Create(string path)
    {
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        if (name.Length is 0 or > LongestName)
            throw new LinuxException("create subvolume", path, Errno.ENAMETOOLONG);
        using var parent = Files.Open(Path.GetDirectoryName(path)!, OpenFlags.ReadOnly | OpenFlags.Directory);
        VolumeArguments arguments = default;
        name.CopyTo(new Span<byte>(arguments.Name, VolumeArguments.NameLength));
        Kernel.Check(
            Kernel.Call(Syscall.IoCtl, parent.Number, unchecked((nint)BTRFS_IOC_SUBVOL_CREATE), (nint)(&arguments)), "create subvolume", path);
    }

    /// <summary>True if a directory of a btrfs is the top of a subvolume.</summary>
    public static bool IsTop(FileDescriptor directory, string display) => FileStatus.Of(directory, display).Inode == TopInode;

    /// <summary>The number of the subvolume that a file is in, which is also that of its qgroup at level 0.</summary>
    public static ulong IdOf(FileDescriptor file, string display)
    {
        var arguments = new LookupArguments { Object = TopInode };
        Kernel.Check(
            Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_INO_LOOKUP), (nint)(&arguments)), "find the subvolume of", display);
        return arguments.Tree;
    }

    // struct btrfs_ioctl_vol_args
    [StructLayout(LayoutKind.Sequential)]
    internal struct VolumeArguments
    {
        public const int NameLength = 4088;
        public long File;
        public fixed byte Name[NameLength];
    }

    // struct btrfs_ioctl_ino_lookup_args
    [StructLayout(LayoutKind.Explicit, Size = 4096)]
    internal struct LookupArguments
    {
        [FieldOffset(0)]
        public ulong Tree;

        [FieldOffset(8)]
        public ulong Object;
    }
}
