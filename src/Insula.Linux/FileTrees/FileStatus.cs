using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>What kind of thing an inode is: the S_IFMT bits of its mode.</summary>
public enum FileKind
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>An inode's attributes, by statx(2).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky (12 bits).</param>
/// <param name="Links">Number of hard links.</param>
/// <param name="Uid">Owner, a host id.</param>
/// <param name="Gid">Group, a host id.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Device">Major and minor number of the file system, as (major shifted left by 32) | minor.</param>
/// <param name="Modified">mtime.</param>
/// <param name="Changed">ctime.</param>
/// <param name="AllocatedBytes">What it occupies on disk, in bytes.</param>
public readonly record struct FileStatus(
    FileKind Kind,
    int Mode,
    uint Links,
    uint Uid,
    uint Gid,
    long Size,
    ulong Inode,
    ulong Device,
    FileTime Modified,
    FileTime Changed,
    long AllocatedBytes)
{
    private const int SymlinkNoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000;      // AT_EMPTY_PATH
    private const int BasicStats = 0x7FF;      // STATX_BASIC_STATS
    private const ulong MountRoot = 0x2000;    // STATX_ATTR_MOUNT_ROOT

    /// <summary>The attributes of an open file or directory; an O_PATH descriptor will do.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus Of(FileDescriptor file, string display)
    {
        Kernel.Check(Call(file.Number, [], EmptyPath, out var status), "read the attributes of", display);
        return status;
    }

    /// <summary>The attributes of one name in a directory; a symbolic link is not followed. Gives back the kernel's own result.</summary>
    public static long TryGet(FileDescriptor directory, ReadOnlySpan<byte> name, out FileStatus status)
        => Call(directory.Number, name, SymlinkNoFollow, out status);

    /// <summary>The attributes of a path of the host; a symbolic link in the last component is not followed.</summary>
    public static long TryGet(string path, out FileStatus status)
        => Call(Files.CurrentDirectory, EntryName.Of(path), SymlinkNoFollow, out status);

    /// <summary>The attributes of what a path of the host leads to. Gives back the kernel's own result.</summary>
    public static long TryGetTarget(string path, out FileStatus status)
        => Call(Files.CurrentDirectory, EntryName.Of(path), 0, out status);

    /// <summary>
    /// The device of the file system (as <see cref="Device"/>) that a path of the host leads to. The file system itself is not asked (AT_STATX_DONT_SYNC), so that one
    /// that does not answer holds nobody up. Gives back the kernel's own result.
    /// </summary>
    public static unsafe long TryGetDevice(string path, out ulong device)
    {
        const int dontSync = 0x4000, nothing = 0;
        Raw raw;
        using var text = new Utf8Text(path);
        var result = Kernel.Call(Syscall.Statx, Files.CurrentDirectory, (nint)text.Pointer, dontSync, nothing, (nint)(&raw));
        device = result < 0 ? 0 : DeviceOf(raw);
        return result;
    }

    /// <summary>
    /// Whether a path of the host is the root of a mount (STATX_ATTR_MOUNT_ROOT, Linux 5.8); null if the kernel does not tell. A symbolic link
    /// in the last component is not followed. Gives back the kernel's own result.
    /// </summary>
    public static unsafe long TryIsMountRoot(string path, out bool? isMountRoot)
    {
        Raw raw;
        using var text = new Utf8Text(path);
        var result = Kernel.Call(Syscall.Statx, Files.CurrentDirectory, (nint)text.Pointer, SymlinkNoFollow, 0, (nint)(&raw));
        isMountRoot = result == 0 && (raw.AttributesMask & MountRoot) != 0 ? (raw.Attributes & MountRoot) != 0 : null;
        return result;
    }

    /// <summary>True if an open directory is the root of a mount; false also where the kernel does not tell.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static unsafe bool IsMountRoot(FileDescriptor directory, string display)
    {
        Raw raw;
        byte empty = 0;
        Kernel.Check(
            Kernel.Call(Syscall.Statx, directory.Number, (nint)(&empty), EmptyPath, 0, (nint)(&raw)), "read the attributes of", display);
        return (raw.AttributesMask & MountRoot) != 0 && (raw.Attributes & MountRoot) != 0;
    }

    private static unsafe long Call(int directory, ReadOnlySpan<byte> name, int flags, out FileStatus status)
    {
        Raw raw;
        using var text = new NulTerminated(name);
        var result = Kernel.Call(Syscall.Statx, directory, (nint)text.Pointer, flags, BasicStats, (nint)(&raw));
        status = result < 0 ? default : From(raw);
        return result;
    }

    private static FileStatus From(in Raw raw) => new(
        (FileKind)(raw.Mode & 0xF000),
        raw.Mode & 0xFFF,
        raw.Links,
        raw.User,
        raw.Group,
        (long)raw.Size,
        raw.Inode,
        DeviceOf(raw),
        new FileTime(raw.ModifiedSeconds, (int)raw.ModifiedNanoseconds),
        new FileTime(raw.ChangedSeconds, (int)raw.ChangedNanoseconds),
        (long)raw.Blocks * 512);

    private static ulong DeviceOf(in Raw raw) => ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor;

    // struct statx of linux/stat.h: 256 bytes, the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Raw
    {
        [FieldOffset(8)]
        public ulong Attributes;

        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(48)]
        public ulong Blocks;

        [FieldOffset(56)]
        public ulong AttributesMask;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
