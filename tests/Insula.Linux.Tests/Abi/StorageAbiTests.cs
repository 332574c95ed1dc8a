using System.Runtime.InteropServices;
using Insula.Linux.BlockDevices;
using Insula.Linux.FileSystems;

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
            .Structure<BtrfsFileSystem.FileSystemInfo>("struct btrfs_ioctl_fs_info_args", ("max_id", "LastDevice"), ("num_devices", "Devices"))
            .Structure<BtrfsFileSystem.DeviceInfo>("struct btrfs_ioctl_dev_info_args", ("devid", "Id"), ("path", "Path"))
            .Macro32("BTRFS_IOC_DEV_INFO", BtrfsFileSystem.BTRFS_IOC_DEV_INFO)
            .Macro32("BTRFS_IOC_FS_INFO", BtrfsFileSystem.BTRFS_IOC_FS_INFO)
            .Verify(architecture);
}
