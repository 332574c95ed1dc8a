namespace Insula.Engine.Network.Traffic;

/// <summary>The version of IP.</summary>
public enum TrafficFamily
{
    /// <summary>Version 4.</summary>
    IPv4,

    /// <summary>Version 6.</summary>
    IPv6,
}
