namespace Insula.Linux.Bpf;

/// <summary>enum bpf_prog_type of linux/bpf.h: what calls the program.</summary>
public enum BpfProgramType : uint
{
    /// <summary>A packet that arrives or leaves by a network link.</summary>
    LinkPacket = 3,

    /// <summary>A packet of a group's sockets.</summary>
    CgroupPacket = 8,

    /// <summary>A socket being made or released.</summary>
    CgroupSocket = 9,

    /// <summary>What becomes of a TCP socket.</summary>
    SocketOperations = 13,

    /// <summary>A device being opened or made.</summary>
    CgroupDevice = 15,

    /// <summary>A function of the kernel, or an iterator.</summary>
    Tracing = 26,

    /// <summary>A hook of the security modules.</summary>
    SecurityModule = 29,
}
