using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>A line of networks_classes: traffic with this network is of that class.</summary>
/// <param name="Number">0 to 15.</param>
/// <param name="Network">The network's address, without bits of hosts.</param>
/// <param name="Length">How many bits of it count.</param>
public readonly record struct NetworkClass(int Number, IpAddress Network, int Length)
{
    /// <summary>The version of IP that it is about.</summary>
    public TrafficFamily Family => Network.Family == IpFamily.IPv4 ? TrafficFamily.IPv4 : TrafficFamily.IPv6;

    /// <summary>As the file has it.</summary>
    public override string ToString() => $"{Number} {Network}/{Length}";
}
