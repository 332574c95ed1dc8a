using System.Runtime.CompilerServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>What a container's traffic of all classes has come to, in the order in which programs write it: class, then IPv4 and IPv6, then in and out.</summary>
[InlineArray(TrafficTable.Counts)]
internal struct TrafficRow
{
    private TrafficCount _first;
}
