namespace Insula.Engine.Network.Traffic;

/// <summary>How traffic is counted (TRAFFIC_ACCOUNTING).</summary>
public enum TrafficMode
{
    /// <summary>yes: by programs of ours, by class; where the kernel takes none, as <see cref="Links"/>.</summary>
    Programs,

    /// <summary>links: by the kernel's own counters of links. Everything is of class 1, IPv4 and IPv6 are not told apart, and there are no rates.</summary>
    Links,

    /// <summary>no: not at all.</summary>
    None,
}
