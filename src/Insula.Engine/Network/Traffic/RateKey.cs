using System.Runtime.InteropServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>What a rate is for.</summary>
/// <param name="Ctid">The container; 0: what all share.</param>
/// <param name="Device">The index of the device; 0: any.</param>
/// <param name="Selector">The class, and the direction from bit 8 on.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RateKey(uint Ctid, uint Device, uint Selector)
{
    public static RateKey Of(uint ctid, uint device, int trafficClass, TrafficDirection direction)
        => new(ctid, device, (uint)trafficClass | ((uint)direction << 8));

    /// <summary>What all share of the same traffic.</summary>
    public RateKey Share => this with { Ctid = 0 };
}
