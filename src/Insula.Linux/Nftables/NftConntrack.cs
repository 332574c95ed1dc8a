namespace Insula.Linux.Nftables;

/// <summary>What the kernel knows of a packet's connection (NFT_CT_* of linux/netfilter/nf_tables.h).</summary>
public enum NftConntrack : uint
{
    /// <summary>Bits: <see cref="NftConnectionBits"/>.</summary>
    State = 0,

    /// <summary>Bits of linux/netfilter/nf_conntrack_common.h: <see cref="NftConnectionBits.Redirected"/>.</summary>
    Status = 2,
}

/// <summary>Bits of a connection's state and status.</summary>
public static class NftConnectionBits
{
    /// <summary>Of the state: packets have been seen in both directions, or this one goes the other way.</summary>
    public const uint Established = 1 << 1;

    /// <summary>Of the state: it belongs to another connection, as an ICMP error does.</summary>
    public const uint Related = 1 << 2;

    /// <summary>Of the state: nothing has been seen the other way.</summary>
    public const uint New = 1 << 3;

    /// <summary>Of the status: its destination was changed (IPS_DST_NAT).</summary>
    public const uint Redirected = 1 << 5;
}
