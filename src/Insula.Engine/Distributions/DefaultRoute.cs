using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>A default route of an interface.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Gateway">Null: into the device itself.</param>
/// <param name="OnLink">True if the gateway is in a network of the interface; otherwise the kernel must be told that it is there (<c>onlink</c>).</param>
internal sealed record DefaultRoute(IpFamily Family, IpAddress? Gateway, bool OnLink)
{
    /// <summary>0.0.0.0/0 or ::/0.</summary>
    public string Destination => Family == IpFamily.IPv4 ? "0.0.0.0/0" : "::/0";

    /// <summary>The words after <c>ip route replace</c>: <c>default via 10.0.0.1 dev eth0</c>.</summary>
    public string IpRouteWords(string device)
        => Gateway is { } gateway ? $"default via {gateway} dev {device}{(OnLink ? "" : " onlink")}" : $"default dev {device}";
}
