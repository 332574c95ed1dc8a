namespace Insula.Linux.Nftables;

/// <summary>What is known of a packet besides its bytes (NFT_META_* of linux/netfilter/nf_tables.h).</summary>
public enum NftMeta : uint
{
    /// <summary>The EtherType of what it carries, in network byte order, 2 bytes; a VLAN tag is not looked at.</summary>
    Protocol = 1,

    /// <summary>The name of the link it came in by, 16 bytes.</summary>
    InputName = 6,

    /// <summary>The name of the link it goes out by, 16 bytes.</summary>
    OutputName = 7,

    /// <summary>The protocol above IP, 1 byte, after IPv6's extension headers.</summary>
    TransportProtocol = 16,
}
