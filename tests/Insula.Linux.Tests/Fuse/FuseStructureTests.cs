using System.Runtime.InteropServices;
using Insula.Linux.Fuse;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Fuse;

public sealed class FuseStructureTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Requests_and_answers_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/fuse.h")
            .Fields<FuseInHeader>("struct fuse_in_header", ("len", "Length"), ("opcode", "Opcode"), ("unique", "Unique"), ("nodeid", "NodeId"), ("uid", "UserId"), ("gid", "GroupId"), ("pid", "ProcessId"))
            .Structure<FuseOutHeader>("struct fuse_out_header", ("len", "Length"), ("error", "Error"), ("unique", "Unique"))
            .Fields<FuseAttributes>(
                "struct fuse_attr", ("ino", "Inode"), ("size", "Size"), ("blocks", "Blocks"), ("atime", "AccessSeconds"), ("mode", "Mode"), ("nlink", "Links"),
                ("uid", "UserId"), ("gid", "GroupId"), ("rdev", "Device"), ("blksize", "BlockSize"))
            .Structure<FuseEntryOut>(
                "struct fuse_entry_out", ("nodeid", "NodeId"), ("generation", "Generation"), ("entry_valid", "EntryValidSeconds"),
                ("attr_valid", "AttributesValidSeconds"), ("entry_valid_nsec", "EntryValidNanoseconds"), ("attr_valid_nsec", "AttributesValidNanoseconds"),
                ("attr", "Attributes"))
            .Fields<FuseAttributesOut>("struct fuse_attr_out", ("attr_valid", "ValidSeconds"), ("attr_valid_nsec", "ValidNanoseconds"), ("attr", "Attributes"))
            .Fields<FuseOpenOut>("struct fuse_open_out", ("fh", "Handle"), ("open_flags", "OpenFlags"))
            .Structure<FuseReadIn>(
                "struct fuse_read_in", ("fh", "Handle"), ("offset", "Offset"), ("size", "Size"), ("read_flags", "ReadFlags"), ("lock_owner", "LockOwner"),
                ("flags", "Flags"), ("padding", "Padding"))
            .Structure<FuseReleaseIn>("struct fuse_release_in", ("fh", "Handle"), ("flags", "Flags"), ("release_flags", "ReleaseFlags"), ("lock_owner", "LockOwner"))
            .Fields<FuseInitIn>("struct fuse_init_in", ("major", "Major"), ("minor", "Minor"), ("max_readahead", "MaxReadAhead"), ("flags", "Flags"))
            .Fields<FuseInitOut>(
                "struct fuse_init_out", ("major", "Major"), ("minor", "Minor"), ("max_readahead", "MaxReadAhead"), ("flags", "Flags"),
                ("max_background", "MaxBackground"), ("congestion_threshold", "CongestionThreshold"), ("max_write", "MaxWrite"),
                ("time_gran", "TimeGranularity"), ("max_pages", "MaxPages"))
            .Fields<FuseDirectoryEntry>("struct fuse_dirent", ("ino", "Inode"), ("off", "Offset"), ("namelen", "NameLength"), ("type", "Type"))
            .Fields<FuseForgetInode>("struct fuse_notify_inval_inode_out", ("ino", "Inode"), ("off", "Offset"), ("len", "Length"))
            .Verify(architecture);
}
