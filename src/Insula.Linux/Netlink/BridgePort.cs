namespace Insula.Linux.Netlink;

/// <summary>What a bridge does with one of its ports (bridge(8), "link set").</summary>
/// <param name="Learns">It learns by the sender of a frame what stations are behind the port.</param>
/// <param name="Floods">The port gets what is for a station of which the bridge does not know where it is.</param>
/// <param name="BlocksBpdus">The port is closed when a message of the spanning tree protocol comes by it.</param>
public readonly record struct BridgePort(bool Learns, bool Floods, bool BlocksBpdus);
