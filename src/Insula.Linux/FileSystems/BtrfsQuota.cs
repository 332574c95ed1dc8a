using System.Globalization;
using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>
/// The quota groups of a btrfs (linux/btrfs.h; read from /sys/fs/btrfs/UUID/qgroups, Linux 5.9). A subvolume's group counts the data
/// it refers to; there are no inode limits and no soft limits.
/// </summary>
/// <param name="file">A file or directory of the btrfs; the caller keeps it open.</param>
/// <param name="display">Its path, for messages.</param>
public sealed unsafe class BtrfsQuota(FileDescriptor file, string display)
{
    internal const uint BTRFS_IOC_QUOTA_CTL = 0xC0109428, BTRFS_IOC_QGROUP_CREATE = 0x4010942A, BTRFS_IOC_QGROUP_LIMIT = 0x8030942B;
    internal const ulong BTRFS_QUOTA_CTL_ENABLE = 1, BTRFS_QGROUP_LIMIT_MAX_RFER = 1;
    private const ulong NoLimit = ulong.MaxValue; // takes a limit away

    private string Directory => $"/sys/fs/btrfs/{BtrfsFileSystem.UuidOf(file, display)}/qgroups";

    /// <summary>True if quotas are switched on.</summary>
    public bool IsEnabled => ReadNumber($"{Directory}/enabled") is > 0 || (!File.Exists($"{Directory}/enabled") && System.IO.Directory.Exists(Directory));

    /// <summary>Switches quotas on; what there is already is counted in the background.</summary>
    public void Enable()
    {
        var arguments = new ControlArguments { Command = BTRFS_QUOTA_CTL_ENABLE };
        Kernel.Check(Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_QUOTA_CTL), (nint)(&arguments)), "switch on the quotas of", display);
    }

    /// <summary>Bytes that a subvolume refers to, as of the last commit (30 s at most); null if its group is not known.</summary>
    public long? ReadUsed(ulong subvolume) => ReadNumber($"{Directory}/0_{subvolume}/referenced");

    /// <summary>The limit on a subvolume in bytes; 0 for none.</summary>
    public long ReadLimit(ulong subvolume)
        => ((ulong)(ReadNumber($"{Directory}/0_{subvolume}/limit_flags") ?? 0) & BTRFS_QGROUP_LIMIT_MAX_RFER) != 0
            && ReadNumber($"{Directory}/0_{subvolume}/max_referenced") is { } bytes ? bytes : 0;

    /// <summary>Limits a subvolume; 0 takes the limit away.</summary>
    /// <exception cref="LinuxException">ENOTCONN: quotas are not switched on.</exception>
    public void SetLimit(ulong subvolume, long bytes)
    {
        var arguments = new LimitArguments
        {
            Group = subvolume,
            Flags = BTRFS_QGROUP_LIMIT_MAX_RFER,
            MaxReferenced = bytes == 0 ? NoLimit : (ulong)bytes,
        };
        Kernel.Check(
            Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_QGROUP_LIMIT), (nint)(&arguments)), $"limit subvolume {subvolume} of", display);
    }

    /// <summary>
    /// Forgets the group of a subvolume that was removed. EBUSY: the kernel still cleans up behind it, and forgets the group itself if it is new
    /// enough (Linux 6.12).
    /// </summary>
    public Errno TryForget(ulong subvolume)
    {
        var arguments = new CreateArguments { Group = subvolume };
        return Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)BTRFS_IOC_QGROUP_CREATE), (nint)(&arguments)));
    }

    private static long? ReadNumber(string path)
    {
        try
        {
            return ulong.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? (long)Math.Min(value, long.MaxValue)
                : null;
        }
        catch (IOException)
        {
            return null; // the group, or the whole directory, is not there
        }
    }

    // struct btrfs_ioctl_quota_ctl_args
    [StructLayout(LayoutKind.Sequential)]
    internal struct ControlArguments
    {
        public ulong Command;
        public ulong Status;
    }

    // struct btrfs_ioctl_qgroup_create_args; Create of 0 destroys.
    [StructLayout(LayoutKind.Sequential)]
    internal struct CreateArguments
    {
        public ulong Create;
        public ulong Group;
    }

    // struct btrfs_ioctl_qgroup_limit_args
    [StructLayout(LayoutKind.Sequential)]
    internal struct LimitArguments
    {
        public ulong Group;
        public ulong Flags;
        public ulong MaxReferenced;
        public ulong MaxExclusive;
        public ulong ReservedReferenced;
        public ulong ReservedExclusive;
    }
}
