namespace Insula.Linux.Fuse;

/// <summary>What the kernel is told of a file.</summary>
/// <param name="Id">
/// The node's number, not 0. It must mean the same file in every process that ever serves this connection: the kernel keeps it while the
/// server may have been replaced.
/// </param>
/// <param name="Mode">Type and permissions as in st_mode.</param>
/// <param name="UserId">Its owner, as an id of the host.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="NameSeconds">How long the kernel may believe the name that led here without asking again.</param>
public readonly record struct FuseNode(ulong Id, uint Mode, uint UserId, uint GroupId, uint NameSeconds)
{
    /// <summary>The root's number (FUSE_ROOT_ID).</summary>
    public const ulong RootId = 1;

    /// <summary>S_IFDIR and S_IFREG.</summary>
    public const uint Directory = 0x4000, RegularFile = 0x8000, TypeMask = 0xF000;

    /// <summary>
    /// Its size in bytes. read(2) does not mind it, but sendfile(2), by which busybox copies, ends there: not 0 for a file that says something.
    /// </summary>
    public long Size { get; init; }

    /// <summary>How long the kernel may believe all this but the name.</summary>
    public uint ValidSeconds { get; init; } = 1;

    /// <summary>True for a directory.</summary>
    public bool IsDirectory => (Mode & TypeMask) == Directory;
}
