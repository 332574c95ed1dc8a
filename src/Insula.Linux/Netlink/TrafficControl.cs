using System.Runtime.InteropServices;

namespace Insula.Linux.Netlink;

/// <summary>struct tcmsg: a queueing discipline, class or filter (linux/rtnetlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TrafficControlHeader
{
    public byte Family;
    public byte Padding1;
    public ushort Padding2;
    public int Index;
    public uint Handle;
    public uint Parent;

    /// <summary>Of a filter: its priority in the upper half, the protocol in network byte order in the lower.</summary>
    public uint Info;
}

/// <summary>struct tc_ratespec: a rate (linux/pkt_sched.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TrafficRateSpecification
{
    public byte CellLog;

    /// <summary>TC_LINKLAYER_ETHERNET: the kernel works out itself what a packet takes.</summary>
    public byte LinkLayer;
    public ushort Overhead;
    public short CellAlignment;

    /// <summary>Bytes that the smallest packet counts as.</summary>
    public ushort SmallestPacket;

    /// <summary>Bytes a second, or all ones for more.</summary>
    public uint Rate;
}

/// <summary>struct tc_htb_opt: a class of HTB.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HierarchicalClassOptions
{
    public TrafficRateSpecification Rate;
    public TrafficRateSpecification Ceiling;

    /// <summary>How long a burst takes at the rate, in units of 64 ns.</summary>
    public uint Burst;

    /// <summary>How long a burst takes at the ceiling.</summary>
    public uint CeilingBurst;

    /// <summary>Bytes that a class sends before it is another's turn to borrow.</summary>
    public uint Quantum;
    public uint Level;
    public uint Priority;
}

/// <summary>struct tc_htb_glob: HTB as a whole.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HierarchicalOptions
{
    public uint Version;
    public uint RateToQuantum;
    public uint DefaultClass;
    public uint Debug;
    public uint DirectPackets;
}

/// <summary>TCA_*: attributes of traffic control (linux/rtnetlink.h, linux/pkt_cls.h), and the numbers that mean places.</summary>
internal static class Tca
{
    public const ushort Kind = 1;
    public const ushort Options = 2;

    /// <summary>TCA_BPF_FD, inside <see cref="Options"/>.</summary>
    public const ushort BpfDescriptor = 6;

    /// <summary>TCA_BPF_NAME.</summary>
    public const ushort BpfName = 7;

    /// <summary>TCA_BPF_FLAGS.</summary>
    public const ushort BpfFlags = 8;

    /// <summary>TCA_BPF_FLAG_ACT_DIRECT: what the program returns is what becomes of the packet.</summary>
    public const uint BpfDirectAction = 1;

    /// <summary>TCA_HTB_PARMS, inside <see cref="Options"/>.</summary>
    public const ushort HtbClass = 1;

    /// <summary>TCA_HTB_INIT.</summary>
    public const ushort HtbDiscipline = 2;

    /// <summary>TCA_HTB_RATE64: bytes a second.</summary>
    public const ushort HtbRate64 = 6;

    /// <summary>TCA_HTB_CEIL64.</summary>
    public const ushort HtbCeiling64 = 7;

    /// <summary>TC_LINKLAYER_ETHERNET.</summary>
    public const byte EthernetLinkLayer = 1;

    /// <summary>TC_H_ROOT.</summary>
    public const uint Root = 0xFFFFFFFF;

    /// <summary>TC_H_CLSACT: the parent of the discipline "clsact".</summary>
    public const uint ClassifierParent = 0xFFFFFFF1;

    /// <summary>Its handle, ffff:.</summary>
    public const uint ClassifierHandle = 0xFFFF0000;

    /// <summary>TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS): filters of what arrives.</summary>
    public const uint Arriving = 0xFFFFFFF2;

    /// <summary>TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS): filters of what leaves.</summary>
    public const uint Leaving = 0xFFFFFFF3;
}
