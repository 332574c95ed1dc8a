namespace Insula.Linux.Bpf;

/// <summary>enum bpf_attach_type of linux/bpf.h: where a program hangs.</summary>
public enum BpfAttachType : uint
{
    /// <summary>Before a packet reaches a socket of the group.</summary>
    CgroupIngress = 0,

    /// <summary>When an IPv4 or IPv6 socket is made.</summary>
    CgroupSocketCreate = 2,

    /// <summary>At events of TCP sockets.</summary>
    CgroupSocketOperations = 3,

    /// <summary>When a device is opened or made.</summary>
    CgroupDevice = 6,

    /// <summary>A tracepoint of the kernel, with typed arguments.</summary>
    TracePoint = 23,

    /// <summary>Before a function of the kernel.</summary>
    FunctionEntry = 24,

    /// <summary>Behind a function of the kernel.</summary>
    FunctionExit = 25,

    /// <summary>Before a function whose result it may decide: anything but 0 is returned instead of calling it.</summary>
    ModifyReturn = 26,

    /// <summary>A hook of the security modules.</summary>
    SecurityHook = 27,

    /// <summary>An iterator.</summary>
    Iterator = 28,

    /// <summary>When a socket that was made with the hook above is closed (Linux 5.9).</summary>
    CgroupSocketRelease = 34,

    /// <summary>Before anything else of the kernel sees what arrives by a network link (Linux 6.6).</summary>
    LinkIngress = 46,

    /// <summary>Before a link's queue gets what leaves by it (Linux 6.6).</summary>
    LinkEgress = 47,
}
