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
    internal static readonly (string Symbol, string Module) Nftables = ("nf_tables_newrule", "nf_tables");
    internal static readonly (string Symbol, string Module) LinkFilter = ("nft_do_chain_netdev", "nf_tables");
    internal static readonly (string Symbol, string Module) Htb = ("htb_enqueue", "sch_htb");
    internal static readonly (string Symbol, string Module) Bfq = ("bfq_init_queue", "bfq");
    internal static readonly (string Symbol, string Module) QuotaTree = ("qtree_read_dquot", "quota_v2");

    /// <summary>Every symbol above.</summary>
    internal static IEnumerable<string> Symbols => [Veth.Symbol, Bridge.Symbol, Netkit.Symbol, Nftables.Symbol, LinkFilter.Symbol, Htb.Symbol, Bfq.Symbol, QuotaTree.Symbol];
}
