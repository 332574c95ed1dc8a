namespace Insula.Linux.Fuse;

/// <summary>enum fuse_opcode of linux/fuse.h: what the kernel asks for.</summary>
public enum FuseOpcode : uint
{
    Lookup = 1,
    Forget = 2,
    GetAttributes = 3,
    SetAttributes = 4,
    ReadLink = 5,
    Open = 14,
    Read = 15,
    Write = 16,
    StatFs = 17,
    Release = 18,
    Flush = 25,
    Init = 26,
    OpenDirectory = 27,
    ReadDirectory = 28,
    ReleaseDirectory = 29,
    Access = 34,
    Interrupt = 36,
    Destroy = 38,
    BatchForget = 42,
}
