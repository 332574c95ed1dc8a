namespace Insula.Linux.Bpf;

/// <summary>enum bpf_func_id of linux/bpf.h: what a program may call; bpf-helpers(7).</summary>
public enum BpfHelper
{
    /// <summary>R0 = the value's address or 0 (map, key).</summary>
    MapLookup = 1,

    /// <summary>R0 = 0 or -errno (map, key, value, flags).</summary>
    MapUpdate = 2,

    /// <summary>R0 = 0 or -errno (map, key).</summary>
    MapDelete = 3,

    /// <summary>R0 = the thread group's id in the upper, the thread's in the lower half.</summary>
    CurrentPidTgid = 14,

    /// <summary>R0 = what the program is to return to send the packet by another link (link's index, 1: as arriving there).</summary>
    Redirect = 23,

    /// <summary>R0 = 0 or -errno (buffer, size, packet or context, offset).</summary>
    PacketLoadBytes = 26,

    /// <summary>R0 = 0 or the bits not known (context, bits).</summary>
    SocketOperationFlags = 59,

    /// <summary>R0 = 0 or -errno (packet, offset, buffer, size, 0: from the link's header, 1: from the network's).</summary>
    PacketLoadRelative = 68,

    /// <summary>R0 = 0, or what keeps the packet from being forwarded, or -errno (context, struct bpf_fib_lookup, size, flags).</summary>
    FindRoute = 69,

    /// <summary>R0 = the storage's address or 0 (map, socket, initial value or 0, flags).</summary>
    SocketStorage = 107,

    /// <summary>R0 = 0 or -errno (destination, size, kernel address): a bad address is an error, not a fault.</summary>
    ProbeReadKernel = 113,

    /// <summary>R0 = nanoseconds since boot, suspend included.</summary>
    BootTime = 125,

    /// <summary>R0 = 0 or -errno (sequence file, data, size).</summary>
    SequenceWrite = 127,

    /// <summary>R0 = struct tcp_sock * or 0 (socket).</summary>
    ToTcpSocket = 137,

    /// <summary>R0 = struct task_struct *.</summary>
    CurrentTask = 158,

    /// <summary>R0 = how many were visited (map, function, context, flags); function(map, key, value, context) returns 0 to go on.</summary>
    ForEachElement = 164,

    /// <summary>R0 = struct pt_regs * (struct task_struct *).</summary>
    TaskRegisters = 175,

    /// <summary>What the call that the program decides about returns, if it is refused (value).</summary>
    SetReturnValue = 187,
}
