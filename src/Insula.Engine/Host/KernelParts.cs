namespace Insula.Engine.Host;

/// <summary>
/// Parts of the kernel that no file and no harmless call shows: each by a function that only it has (/proc/kallsyms) and by its
/// module's name, for a kernel that would load it on first use.
/// </summary>
internal static class KernelParts
{
    internal static readonly (string Symbol, string Module) Veth = ("veth_setup", "veth");
    internal static readonly (string Symbol, string Module) Bridge = ("br_dev_setup", "bridge");
    internal static readonly (string Symbol, string Module) Netkit = ("netkit_new_link", "netkit");
    internal static readonly (string Symbol, string Module) Macvlan = ("macvlan_common_newlink", "macvlan");
    internal static readonly (string Symbol, string Module) Nftables = ("nf_tables_newrule", "nf_tables");
    internal static readonly (string Symbol, string Module) LinkFilter = ("nft_do_chain_netdev", "nf_tables");
    internal static readonly (string Symbol, string Module) Htb = ("htb_enqueue", "sch_htb");
    internal static readonly (string Symbol, string Module) BridgeConntrack = ("nf_ct_bridge_pre", "nf_conntrack_bridge");
    internal static readonly (string Symbol, string Module) BridgeFilter = ("nft_do_chain_bridge", "nf_tables");
    internal static readonly (string Symbol, string Module) Conntrack = ("nft_ct_get_eval", "nft_ct");
    internal static readonly (string Symbol, string Module) Nat = ("nft_nat_eval", "nft_nat");
    internal static readonly (string Symbol, string Module) Bfq = ("bfq_init_queue", "bfq");
    internal static readonly (string Symbol, string Module) QuotaTree = ("qtree_read_dquot", "quota_v2");

    /// <summary>Every symbol above.</summary>
    internal static IEnumerable<string> Symbols =>
    [
        Veth.Symbol, Bridge.Symbol, Netkit.Symbol, Macvlan.Symbol, Nftables.Symbol, LinkFilter.Symbol, BridgeConntrack.Symbol, BridgeFilter.Symbol, Conntrack.Symbol,
        Nat.Symbol, Htb.Symbol, Bfq.Symbol, QuotaTree.Symbol,
    ];
}
