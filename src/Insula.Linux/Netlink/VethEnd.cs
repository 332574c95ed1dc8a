namespace Insula.Linux.Netlink;

/// <summary>One end of a veth pair to be made.</summary>
/// <param name="Name">1 to 15 bytes.</param>
/// <param name="Mac">Its hardware address; null lets the kernel choose one at random.</param>
/// <param name="NoArp">Start with IFF_NOARP: frames go to the end's own hardware address, so both ends must have the same.</param>
/// <param name="Mtu">Bytes; null is the kernel's default, 1500.</param>
public readonly record struct VethEnd(string Name, MacAddress? Mac = null, bool NoArp = false, int? Mtu = null);
