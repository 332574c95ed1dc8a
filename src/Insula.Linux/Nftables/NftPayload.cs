namespace Insula.Linux.Nftables;

/// <summary>Where a piece of a packet is.</summary>
/// <param name="Base">Counted from which header.</param>
/// <param name="Offset">Bytes after its beginning.</param>
/// <param name="Length">Bytes, at most 16.</param>
public readonly record struct NftPayload(NftHeader Base, int Offset, int Length)
{
    /// <summary>IPv4's source address.</summary>
    public static readonly NftPayload Source4 = new(NftHeader.Network, 12, 4);

    /// <summary>IPv4's destination address.</summary>
    public static readonly NftPayload Destination4 = new(NftHeader.Network, 16, 4);

    /// <summary>IPv6's source address.</summary>
    public static readonly NftPayload Source6 = new(NftHeader.Network, 8, 16);

    /// <summary>IPv6's destination address.</summary>
    public static readonly NftPayload Destination6 = new(NftHeader.Network, 24, 16);

    /// <summary>The source port of TCP, UDP and their like.</summary>
    public static readonly NftPayload SourcePort = new(NftHeader.Transport, 0, 2);

    /// <summary>The destination port.</summary>
    public static readonly NftPayload DestinationPort = new(NftHeader.Transport, 2, 2);

    /// <summary>The type of ICMP and ICMPv6.</summary>
    public static readonly NftPayload IcmpType = new(NftHeader.Transport, 0, 1);
}

/// <summary>The headers of a packet (NFT_PAYLOAD_* of linux/netfilter/nf_tables.h).</summary>
public enum NftHeader : uint
{
    /// <summary>Ethernet, as it came over the wire: a VLAN tag is in its place.</summary>
    Link = 0,

    /// <summary>IPv4, IPv6 or ARP.</summary>
    Network = 1,

    /// <summary>TCP, UDP, ICMP; none in later fragments, where a rule that asks for it does not match.</summary>
    Transport = 2,
}
