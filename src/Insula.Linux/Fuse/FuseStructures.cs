using System.Runtime.InteropServices;

namespace Insula.Linux.Fuse;

// What stands on the wire, as linux/fuse.h lays it out (protocol 7.31 and later; the structures used here have not changed since 7.9).

/// <summary>struct fuse_in_header: before every request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseInHeader
{
    public uint Length;
    public FuseOpcode Opcode;
    public ulong Unique;
    public ulong NodeId;
    public uint UserId;
    public uint GroupId;
    public uint ProcessId;
    public ushort ExtensionLength;
    public ushort Padding;
}

/// <summary>struct fuse_out_header: before every answer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseOutHeader
{
    public uint Length;
    public int Error;
    public ulong Unique;
}

/// <summary>struct fuse_attr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseAttributes
{
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AccessSeconds;
    public ulong ModificationSeconds;
    public ulong ChangeSeconds;
    public uint AccessNanoseconds;
    public uint ModificationNanoseconds;
    public uint ChangeNanoseconds;
    public uint Mode;
    public uint Links;
    public uint UserId;
    public uint GroupId;
    public uint Device;
    public uint BlockSize;
    public uint Flags;
}

/// <summary>struct fuse_entry_out: the answer to LOOKUP.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseEntryOut
{
    public ulong NodeId;
    public ulong Generation;
    public ulong EntryValidSeconds;
    public ulong AttributesValidSeconds;
    public uint EntryValidNanoseconds;
    public uint AttributesValidNanoseconds;
    public FuseAttributes Attributes;
}

/// <summary>struct fuse_attr_out: the answer to GETATTR.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseAttributesOut
{
    public ulong ValidSeconds;
    public uint ValidNanoseconds;
    public uint Padding;
    public FuseAttributes Attributes;
}

/// <summary>struct fuse_open_in: OPEN and OPENDIR.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseOpenIn
{
    public uint Flags;
    public uint OpenFlags;
}

/// <summary>struct fuse_open_out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseOpenOut
{
    public ulong Handle;
    public uint OpenFlags;
    public int BackingId;
}

/// <summary>struct fuse_read_in: READ and READDIR.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseReadIn
{
    public ulong Handle;
    public ulong Offset;
    public uint Size;
    public uint ReadFlags;
    public ulong LockOwner;
    public uint Flags;
    public uint Padding;
}

/// <summary>struct fuse_release_in: RELEASE and RELEASEDIR.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseReleaseIn
{
    public ulong Handle;
    public uint Flags;
    public uint ReleaseFlags;
    public ulong LockOwner;
}

/// <summary>The part of struct fuse_init_in that all kernels send.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseInitIn
{
    public uint Major;
    public uint Minor;
    public uint MaxReadAhead;
    public uint Flags;
}

/// <summary>struct fuse_init_out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FuseInitOut
{
    public uint Major;
    public uint Minor;
    public uint MaxReadAhead;
    public uint Flags;
    public ushort MaxBackground;
    public ushort CongestionThreshold;
    public uint MaxWrite;
    public uint TimeGranularity;
    public ushort MaxPages;
    public ushort MapAlignment;
    public uint Flags2;
    public fixed uint Unused[7];
}

/// <summary>struct fuse_kstatfs, alone in the answer to STATFS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FuseFileSystemStatus
{
    public ulong Blocks;
    public ulong BlocksFree;
    public ulong BlocksAvailable;
    public ulong Files;
    public ulong FilesFree;
    public uint BlockSize;
    public uint NameLength;
    public uint FragmentSize;
    public uint Padding;
    public fixed uint Spare[6];
}

/// <summary>struct fuse_dirent, without the name that follows it and the padding to eight bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseDirectoryEntry
{
    public ulong Inode;
    public ulong Offset;
    public uint NameLength;
    public uint Type;
}

/// <summary>struct fuse_notify_inval_inode_out: what the kernel has to forget of a file. A negative offset: its attributes alone.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FuseForgetInode
{
    public ulong Inode;
    public long Offset;
    public long Length;
}
