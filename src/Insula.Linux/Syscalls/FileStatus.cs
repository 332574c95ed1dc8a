namespace Insula.Linux.Syscalls;

/// <summary>What kind of thing a directory entry is (S_IFMT).</summary>
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

/// <summary>The part of statx(2) that is used here.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits, with set-id and sticky bits.</param>
/// <param name="Uid">Owner, a host id.</param>
/// <param name="Gid">Group, a host id.</param>
/// <param name="Size">Length in bytes.</param>
public readonly record struct FileStatus(FileKind Kind, int Mode, uint Uid, uint Gid, long Size)
{
    private const int EmptyPath = 0x1000;  // AT_EMPTY_PATH
    private const uint BasicStats = 0x7FF; // STATX_BASIC_STATS
    private const int StructureSize = 256; // struct statx, the same on every architecture

    /// <summary>statx(2) of an open file, an O_PATH descriptor included.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">How it is called in an error.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static unsafe FileStatus Of(FileDescriptor file, string name)
    {
        var buffer = stackalloc byte[StructureSize];
        var empty = stackalloc byte[1];
        Kernel.Check(Kernel.Call(Syscall.Statx, file.Number, (nint)empty, EmptyPath, (nint)BasicStats, (nint)buffer), "look at", name);
        var status = new ReadOnlySpan<byte>(buffer, StructureSize);
        var mode = BitConverter.ToUInt16(status[28..]);
        return new FileStatus(
            (FileKind)(mode & 0xF000),
            mode & 0xFFF,
            BitConverter.ToUInt32(status[20..]),
            BitConverter.ToUInt32(status[24..]),
            BitConverter.ToInt64(status[40..]));
    }
}
