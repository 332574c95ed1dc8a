using System.Runtime.InteropServices;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>A rate in force, as programs and commands look it up: enough to make its class again if somebody has taken the queue away.</summary>
/// <param name="Number">The number of its class in the queue, which programs put into the packet's priority.</param>
/// <param name="Parent">The class of what all share; 0: none.</param>
/// <param name="Kilobits">The rate, 1000 bits a second.</param>
/// <param name="Ceiling">What it may have beyond, with the rate.</param>
/// <param name="Smallest">Bytes that the smallest packet counts as.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RateEntry(uint Number, uint Parent, uint Kilobits, uint Ceiling, uint Smallest)
{
    /// <summary>As a class of the queue.</summary>
    public ShapingClass Class(bool isLeaf) => new(Number, Parent, Kilobits, Ceiling, (ushort)Math.Min(Smallest, ushort.MaxValue), isLeaf);
}
