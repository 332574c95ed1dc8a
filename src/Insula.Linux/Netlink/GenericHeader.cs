using System.Runtime.InteropServices;

namespace Insula.Linux.Netlink;

/// <summary>struct genlmsghdr: the fixed part of every generic netlink message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GenericHeader
{
    public byte Command;
    public byte Version;
    public ushort Reserved;
}
