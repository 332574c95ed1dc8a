using System.Runtime.InteropServices;
using Insula.Linux.BlockDevices;
using Insula.Linux.FileSystems;
using Insula.Linux.Quotas;

namespace Insula.Linux.Tests.Abi;

/// <summary>Structures and numbers of loop devices and file systems against the C headers.</summary>
public class StorageAbiTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Loop_devices_are_as_in_C(Architecture architecture)
        => new AbiUnit("linux/loop.h")
            .Structure<LoopDevice.LoopConfig>("struct loop_config", ("fd", "File"), ("block_size", "BlockSize"), ("info.lo_flags", "Flags"))
            .Macro("LOOP_CTL_GET_FREE", LoopDevice.LOOP_CTL_GET_FREE)
            .Macro("LOOP_CONFIGURE", LoopDevice.LOOP_CONFIGURE)
            .Macro("LOOP_CLR_FD", LoopDevice.LOOP_CLR_FD)
            .Macro("LOOP_SET_CAPACITY", LoopDevice.LOOP_SET_CAPACITY)
            .Constant("LO_FLAGS_READ_ONLY", LoopDevice.LO_FLAGS_READ_ONLY)
            .Constant("LO_FLAGS_AUTOCLEAR", LoopDevice.LO_FLAGS_AUTOCLEAR)
            .Constant("LO_FLAGS_DIRECT_IO", LoopDevice.LO_FLAGS_DIRECT_IO)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void The_state_of_a_file_system_is_as_in_C(Architecture architecture)
        => new AbiUnit("asm/statfs.h", "linux/magic.h")
            .Structure<FileSystemStatus.Raw>(
                "struct statfs", ("f_type", "Type"), ("f_bsize", "BlockSize"), ("f_blocks", "Blocks"), ("f_bfree", "FreeBlocks"),
                ("f_files", "Inodes"), ("f_ffree", "FreeInodes"))
            .Macro("EXT4_SUPER_MAGIC", FileSystemStatus.Ext4)
            .Macro("XFS_SUPER_MAGIC", FileSystemStatus.Xfs)
            .Macro("BTRFS_SUPER_MAGIC", FileSystemStatus.Btrfs)
            .Macro("OVERLAYFS_SUPER_MAGIC", FileSystemStatus.Overlay)
            .Macro("TMPFS_MAGIC", FileSystemStatus.Tmpfs)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Devices_of_btrfs_are_as_in_C(Architecture architecture)
        => new AbiUnit("linux/btrfs.h")
            .Structure<BtrfsFileSystem.FileSystemInfo>("struct btrfs_ioctl_fs_info_args", ("max_id", "LastDevice"), ("num_devices", "Devices"), ("fsid", "Uuid"))
            .Structure<BtrfsFileSystem.DeviceInfo>("struct btrfs_ioctl_dev_info_args", ("devid", "Id"), ("path", "Path"))
            .Macro32("BTRFS_IOC_DEV_INFO", BtrfsFileSystem.BTRFS_IOC_DEV_INFO)
            .Macro32("BTRFS_IOC_FS_INFO", BtrfsFileSystem.BTRFS_IOC_FS_INFO)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Subvolumes_and_quota_groups_of_btrfs_are_as_in_C(Architecture architecture)
        => new AbiUnit("linux/btrfs.h", "linux/btrfs_tree.h")
            .Structure<BtrfsSubvolume.VolumeArguments>("struct btrfs_ioctl_vol_args", ("fd", "File"), ("name", "Name"))
            .Structure<BtrfsSubvolume.LookupArguments>("struct btrfs_ioctl_ino_lookup_args", ("treeid", "Tree"), ("objectid", "Object"))
            .Structure<BtrfsQuota.ControlArguments>("struct btrfs_ioctl_quota_ctl_args", ("cmd", "Command"), ("status", "Status"))
            .Structure<BtrfsQuota.CreateArguments>("struct btrfs_ioctl_qgroup_create_args", ("create", "Create"), ("qgroupid", "Group"))
            .Structure<BtrfsQuota.LimitArguments>(
                "struct btrfs_ioctl_qgroup_limit_args", ("qgroupid", "Group"), ("lim.flags", "Flags"), ("lim.max_rfer", "MaxReferenced"),
                ("lim.max_excl", "MaxExclusive"), ("lim.rsv_rfer", "ReservedReferenced"), ("lim.rsv_excl", "ReservedExclusive"))
            .Macro32("BTRFS_IOC_SUBVOL_CREATE", BtrfsSubvolume.BTRFS_IOC_SUBVOL_CREATE)
            .Macro32("BTRFS_IOC_INO_LOOKUP", BtrfsSubvolume.BTRFS_IOC_INO_LOOKUP)
            .Macro32("BTRFS_IOC_QUOTA_CTL", BtrfsQuota.BTRFS_IOC_QUOTA_CTL)
            .Macro32("BTRFS_IOC_QGROUP_CREATE", BtrfsQuota.BTRFS_IOC_QGROUP_CREATE)
            .Macro32("BTRFS_IOC_QGROUP_LIMIT", BtrfsQuota.BTRFS_IOC_QGROUP_LIMIT)
            .That($"BTRFS_FIRST_FREE_OBJECTID == {BtrfsSubvolume.TopInode}", "top inode")
            .That($"BTRFS_QUOTA_CTL_ENABLE == {BtrfsQuota.BTRFS_QUOTA_CTL_ENABLE}", "enable")
            .That($"BTRFS_QGROUP_LIMIT_MAX_RFER == {BtrfsQuota.BTRFS_QGROUP_LIMIT_MAX_RFER}", "max_rfer")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Quotas_and_projects_are_as_in_C(Architecture architecture)
        => new AbiUnit("linux/types.h", "linux/quota.h", "linux/dqblk_xfs.h", "linux/fs.h")
            .Structure<QuotaControl.Block>(
                "struct if_nextdqblk", ("dqb_bhardlimit", "HardBlocks"), ("dqb_bsoftlimit", "SoftBlocks"), ("dqb_curspace", "UsedBytes"),
                ("dqb_ihardlimit", "HardInodes"), ("dqb_isoftlimit", "SoftInodes"), ("dqb_curinodes", "UsedInodes"), ("dqb_btime", "SpaceTime"),
                ("dqb_itime", "InodeTime"), ("dqb_valid", "Valid"), ("dqb_id", "Id"))
            .Structure<QuotaControl.Information>(
                "struct if_dqinfo", ("dqi_bgrace", "SpaceGrace"), ("dqi_igrace", "InodeGrace"), ("dqi_flags", "Flags"), ("dqi_valid", "Valid"))
            .Structure<QuotaControl.State>("struct fs_quota_statv", ("qs_version", "Version"), ("qs_flags", "Flags"))
            .Structure<ProjectId.Attributes>("struct fsxattr", ("fsx_xflags", "Flags"), ("fsx_projid", "Project"))
            .That("offsetof(struct if_dqblk, dqb_valid) == offsetof(struct if_nextdqblk, dqb_valid)", "if_dqblk")
            .Macro("Q_GETINFO", QuotaControl.Q_GETINFO).Macro("Q_SETINFO", QuotaControl.Q_SETINFO)
            .Macro("Q_GETQUOTA", QuotaControl.Q_GETQUOTA).Macro("Q_SETQUOTA", QuotaControl.Q_SETQUOTA)
            .Macro("Q_SYNC", QuotaControl.Q_SYNC).Macro("Q_QUOTAON", QuotaControl.Q_QUOTAON).Macro("Q_QUOTAOFF", QuotaControl.Q_QUOTAOFF)
            .Macro("Q_GETFMT", QuotaControl.Q_GETFMT).Macro("Q_XGETQSTAT", QuotaControl.Q_XGETQSTAT)
            .Macro("QIF_SPACE", QuotaControl.QIF_SPACE).Macro("QIF_INODES", QuotaControl.QIF_INODES)
            .That($"sizeof(struct if_dqblk) == {QuotaCommand.SizeOfBlock} && sizeof(struct if_nextdqblk) == {QuotaCommand.SizeOfNextBlock}", "blocks")
            .That($"offsetof(struct if_nextdqblk, dqb_id) == {QuotaCommand.SizeOfCompatBlock} && sizeof(((struct if_dqblk *)0)->dqb_valid) == 4", "the end of a block")
            .That($"sizeof(struct if_dqinfo) == {QuotaCommand.SizeOfInformation} && sizeof(struct fs_quota_stat) == {QuotaCommand.SizeOfStat}", "information")
            .That($"sizeof(struct fs_quota_statv) == {QuotaCommand.SizeOfState} && {QuotaCommand.SizeOfState} == {QuotaCommand.Largest}", "state")
            .Macro("Q_GETNEXTQUOTA", QuotaControl.Q_GETNEXTQUOTA).Macro("Q_XGETQSTATV", QuotaControl.Q_XGETQSTATV)
            .Macro("QIF_LIMITS", QuotaControl.QIF_LIMITS).Macro("IIF_BGRACE", QuotaControl.IIF_BGRACE).Macro("IIF_IGRACE", QuotaControl.IIF_IGRACE)
            .Macro("FS_QUOTA_UDQ_ENFD", QuotaControl.FS_QUOTA_UDQ_ENFD).Macro("FS_QUOTA_GDQ_ENFD", QuotaControl.FS_QUOTA_GDQ_ENFD)
            .Macro("FS_QUOTA_PDQ_ENFD", QuotaControl.FS_QUOTA_PDQ_ENFD)
            .That($"USRQUOTA == {(int)QuotaKind.User} && GRPQUOTA == {(int)QuotaKind.Group} && PRJQUOTA == {(int)QuotaKind.Project}", "kinds")
            .That("QCMD(1, 2) == ((1 << 8) | 2)", "QCMD")
            .Macro32("FS_IOC_FSGETXATTR", ProjectId.FS_IOC_FSGETXATTR)
            .Macro32("FS_IOC_FSSETXATTR", ProjectId.FS_IOC_FSSETXATTR)
            .Macro("FS_XFLAG_PROJINHERIT", ProjectId.FS_XFLAG_PROJINHERIT)
            .Verify(architecture);
}
