using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>What statfs(2) says of a file system, or of the part of it that a quota gives to a directory.</summary>
/// <param name="Type">Its magic number (linux/magic.h).</param>
/// <param name="BlockSize">Bytes in a block of the following counts.</param>
/// <param name="Blocks">Blocks in all.</param>
/// <param name="FreeBlocks">Blocks nobody uses.</param>
/// <param name="Inodes">Inodes in all; 0 where they are made as needed.</param>
/// <param name="FreeInodes">Inodes nobody uses.</param>
public readonly record struct FileSystemStatus(long Type, long BlockSize, long Blocks, long FreeBlocks, long Inodes, long FreeInodes)
{
    /// <summary>Magic numbers.</summary>
    public const long Ext4 = 0xEF53, Xfs = 0x58465342, Btrfs = 0x9123683E, Overlay = 0x794C7630, Tmpfs = 0x01021994;

    /// <summary>Bytes in use.</summary>
    public long UsedBytes => (Blocks - FreeBlocks) * BlockSize;

    /// <summary>fstatfs(2); an O_PATH descriptor will do.</summary>
    public static unsafe FileSystemStatus Of(FileDescriptor file, string display)
    {
        Raw raw;
        Kernel.Check(Kernel.Call(Syscall.Fstatfs, file.Number, (nint)(&raw)), "read the file system of", display);
        return new FileSystemStatus(raw.Type, raw.BlockSize, raw.Blocks, raw.FreeBlocks, raw.Inodes, raw.FreeInodes);
    }

    /// <summary>The file system that holds a path.</summary>
    public static FileSystemStatus Of(string path)
    {
        using var file = Files.Open(path, OpenFlags.Path);
        return Of(file, path);
    }

    // struct statfs of asm/statfs.h on 64-bit architectures.
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    internal struct Raw
    {
        [FieldOffset(0)]
        public long Type;

        [FieldOffset(8)]
        public long BlockSize;

        [FieldOffset(16)]
        public long Blocks;

        [FieldOffset(24)]
        public long FreeBlocks;

        [FieldOffset(40)]
        public long Inodes;

        [FieldOffset(48)]
        public long FreeInodes;
    }
}
