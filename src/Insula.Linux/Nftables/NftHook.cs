namespace Insula.Linux.Nftables;

/// <summary>Points on a packet's way, the same in the families inet and bridge (NF_INET_*, NF_BR_*).</summary>
public enum NftHook : uint
{
    /// <summary>It has come in.</summary>
    Prerouting = 0,

    /// <summary>It is for this host.</summary>
    Input = 1,

    /// <summary>It passes.</summary>
    Forward = 2,

    /// <summary>This host sends it.</summary>
    Output = 3,

    /// <summary>It is about to leave.</summary>
    Postrouting = 4,
}
