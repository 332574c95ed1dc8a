namespace Insula.Linux.Syscalls;

/// <summary>Flags of open(2). Values differ between architectures where noted; see <see cref="Files"/>.</summary>
[Flags]
public enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    NoControllingTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    CloseOnExec = 0x80000,
    Path = 0x200000,

    /// <summary>O_DIRECTORY; 0x10000 on x86-64, translated for arm64 (0x4000).</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW; 0x20000 on x86-64, translated for arm64 (0x8000).</summary>
    NoFollow = 0x20000,
}

/// <summary>Flags of openat2(2): how far a path may lead.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    None = 0,
    NoCrossMount = 0x01,
    NoMagicLinks = 0x02,
    NoSymlinks = 0x04,
    Beneath = 0x08,
    InRoot = 0x10,
}
