namespace Insula.Linux.Nftables;

/// <summary>Where a piece of a packet is.</summary>
/// <param name="Base">Counted from which header.</param>
/// <param name="Offset">Bytes after its beginning.</param>
/// <param name="Length">Bytes, at most 16.</param>
public readonly record struct NftPayload(NftHeader Base, int Offset, int Length);

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
