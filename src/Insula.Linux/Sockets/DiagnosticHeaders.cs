using System.Runtime.InteropServices;

namespace Insula.Linux.Sockets;

/// <summary>struct inet_diag_sockid of linux/inet_diag.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InetSocketId
{
    public ushort SourcePort;
    public ushort DestinationPort;
    public fixed uint Source[4];
    public fixed uint Destination[4];
    public uint Interface;
    public fixed uint Cookie[2];
}

/// <summary>struct inet_diag_req_v2: which sockets of a protocol.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetRequest
{
    public byte Family;
    public byte Protocol;
    public byte Extensions;
    public byte Padding;
    public uint States;
    public InetSocketId Id;
}

/// <summary>struct inet_diag_msg: a socket; attributes follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InetAnswer
{
    public byte Family;
    public byte State;
    public byte Timer;
    public byte Retransmissions;
    public InetSocketId Id;
    public uint Expires;
    public uint ReceiveQueue;
    public uint SendQueue;
    public uint Uid;
    public uint Inode;
}

/// <summary>struct unix_diag_req of linux/unix_diag.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnixRequest
{
    public byte Family;
    public byte Protocol;
    public ushort Padding;
    public uint States;
    public uint Inode;
    public uint Show;
    public fixed uint Cookie[2];
}

/// <summary>struct unix_diag_msg: a socket; attributes follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnixAnswer
{
    public byte Family;
    public byte Type;
    public byte State;
    public byte Padding;
    public uint Inode;
    public fixed uint Cookie[2];
}

/// <summary>Numbers of sock_diag(7).</summary>
internal static class Diagnostic
{
    /// <summary>SOCK_DIAG_BY_FAMILY: type of request and answer.</summary>
    public const ushort ByFamily = 20;

    /// <summary>INET_DIAG_SKMEMINFO, an attribute; asked for by a bit of the extensions.</summary>
    public const ushort InetMemory = 7;

    /// <summary>UNIX_DIAG_MEMINFO, an attribute.</summary>
    public const ushort UnixMemory = 5;

    /// <summary>UDIAG_SHOW_MEMINFO.</summary>
    public const uint ShowMemory = 0x20;

    /// <summary>Indexes into the numbers of the memory attribute (SK_MEMINFO_*).</summary>
    public const int ReceiveAllocated = 0, SendAllocated = 2, SendQueued = 5, MemoryNumbers = 8;
}
