using System.Net;
using System.Net.Sockets;

namespace Insula.Engine.Distributions;

/// <summary>An address of a container's venet0, as its own files are to show it.</summary>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="PrefixLength">Bits of its network, 32 or 128 for the address alone.</param>
public readonly record struct ContainerAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>True for IPv6.</summary>
    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
