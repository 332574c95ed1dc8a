using System.Buffers.Binary;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>What the superblock of an ext4 says (Documentation/filesystems/ext4/super.rst), and growing one that is mounted.</summary>
/// <param name="Blocks">Blocks in all.</param>
/// <param name="FreeBlocks">Blocks nobody uses, as of the last unmount.</param>
/// <param name="Overhead">Blocks that hold the file system's own tables.</param>
/// <param name="BlockSize">Bytes in a block.</param>
/// <param name="Inodes">Inodes in all.</param>
/// <param name="FreeInodes">Inodes nobody uses.</param>
/// <param name="IsClean">It was unmounted and no errors were seen; false: it is to be checked before it is mounted.</param>
/// <param name="HasQuota">It keeps quotas of users and groups.</param>
public readonly record struct Ext4FileSystem(
    long Blocks, long FreeBlocks, long Overhead, int BlockSize, long Inodes, long FreeInodes, bool IsClean, bool HasQuota)
{
    internal const uint EXT4_IOC_RESIZE_FS = 0x40086610;
    private const int SuperblockOffset = 1024, SuperblockSize = 1024;
    private const ushort Magic = 0xEF53, StateValid = 1, StateErrors = 2;
    private const uint IncompatibleRecover = 0x4, IncompatibleWide = 0x80, ReadOnlyQuota = 0x100;

    /// <summary>Bytes in all, with its own tables.</summary>
    public long Size => Blocks * BlockSize;

    /// <summary>Reads the superblock of a file or device; null if it holds no ext4.</summary>
    public static unsafe Ext4FileSystem? TryRead(string path)
    {
        using var file = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        var buffer = new byte[SuperblockSize];
        fixed (byte* start = buffer)
        {
            var got = Kernel.Check(Kernel.Call(Syscall.Pread64, file.Number, (nint)start, SuperblockSize, SuperblockOffset), "read", path);
            return got == SuperblockSize ? Parse(buffer) : null;
        }
    }

    /// <summary>Takes the 1024 bytes of a superblock.</summary>
    internal static Ext4FileSystem? Parse(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x38..]) != Magic)
            return null;
        var incompatible = Number(bytes, 0x60);
        var wide = (incompatible & IncompatibleWide) != 0;
        var state = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x3A..]);
        return new Ext4FileSystem(
            Number(bytes, 0x4) | (wide ? (long)Number(bytes, 0x150) << 32 : 0),
            Number(bytes, 0xC) | (wide ? (long)Number(bytes, 0x158) << 32 : 0),
            Number(bytes, 0x248),
            1024 << (int)(Number(bytes, 0x18) & 0xF),
            Number(bytes, 0x0),
            Number(bytes, 0x10),
            (state & (StateValid | StateErrors)) == StateValid && (incompatible & IncompatibleRecover) == 0,
            (Number(bytes, 0x64) & ReadOnlyQuota) != 0);
    }

    /// <summary>Makes a mounted ext4 larger, up to what its device holds.</summary>
    /// <param name="file">A file or directory of it.</param>
    /// <param name="blocks">Blocks in all afterwards.</param>
    /// <param name="display">What it is, for messages.</param>
    public static unsafe void Grow(FileDescriptor file, long blocks, string display)
    {
        var wanted = (ulong)blocks;
        Kernel.Check(Kernel.Call(Syscall.IoCtl, file.Number, (nint)EXT4_IOC_RESIZE_FS, (nint)(&wanted)), "enlarge the file system of", display);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
