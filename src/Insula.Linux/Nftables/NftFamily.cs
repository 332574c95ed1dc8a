namespace Insula.Linux.Nftables;

/// <summary>Which packets a table sees (NFPROTO_* of linux/netfilter.h).</summary>
public enum NftFamily : byte
{
    /// <summary>Every family, in a question.</summary>
    Any = 0,

    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,

    /// <summary>What arrives by one link, before the host looks at it.</summary>
    Netdev = 5,

    /// <summary>What bridges forward.</summary>
    Bridge = 7,
}
