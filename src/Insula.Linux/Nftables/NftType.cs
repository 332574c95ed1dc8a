namespace Insula.Linux.Nftables;

/// <summary>What a part of a set's key is. The kernel sees bytes only; the numbers are nft(8)'s (include/datatype.h), so that it can print the set.</summary>
public enum NftType
{
    Address4 = 7,
    Address6 = 8,
    MacAddress = 9,
    EtherType = 10,
    TransportProtocol = 12,
    Port = 13,
    IcmpType = 14,
    Mark = 19,
    Icmp6Type = 29,
    LinkName = 41,
}
