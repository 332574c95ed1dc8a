using System.Runtime.InteropServices;

namespace Insula.Linux.Netlink;

/// <summary>struct nlmsghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkHeader
{
    public uint Length;
    public NetlinkMessageType Type;
    public NetlinkFlags Flags;
    public uint Sequence;
    public uint PortId;
}

/// <summary>struct nlattr, the head of an attribute. The same as struct rtattr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AttributeHeader
{
    public ushort Length;
    public ushort Type;
}

/// <summary>struct ifinfomsg: a link.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort DeviceType;
    public int Index;
    public uint Flags;

    /// <summary>Which of <see cref="Flags"/> to change.</summary>
    public uint Change;
}

/// <summary>struct ifaddrmsg: an address of a link.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    public IpFamily Family;
    public byte PrefixLength;

    /// <summary>The low 8 bits of the flags; <see cref="Ifa.Flags"/> has all of them.</summary>
    public byte Flags;
    public RouteScope Scope;
    public int Index;
}

/// <summary>struct rtmsg: a route.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteHeader
{
    public IpFamily Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;

    /// <summary>Tables up to 255; <see cref="Rta.Table"/> has any.</summary>
    public byte Table;
    public byte Protocol;
    public RouteScope Scope;
    public RouteType Type;
    public uint Flags;
}

/// <summary>struct ndmsg: a neighbour or a neighbour proxy.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NeighbourHeader
{
    public IpFamily Family;
    public byte Padding1;
    public ushort Padding2;
    public int Index;
    public ushort State;
    public byte Flags;
    public byte Type;
}
