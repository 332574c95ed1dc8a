using System.Runtime.InteropServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>So much has passed, as programs in the kernel count it.</summary>
/// <param name="Bytes">From the IP header on; of what the kernel has put together to larger packets, as it is on a wire.</param>
/// <param name="Packets">IP packets.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TrafficCount(ulong Bytes, ulong Packets)
{
    public static TrafficCount operator +(TrafficCount left, TrafficCount right) => new(left.Bytes + right.Bytes, left.Packets + right.Packets);
}
