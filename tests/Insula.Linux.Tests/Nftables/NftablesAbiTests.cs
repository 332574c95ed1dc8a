using System.Runtime.InteropServices;

using Insula.Linux.Nftables;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Nftables;

public class NftablesAbiTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Messages_attributes_and_values_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/netlink.h", "linux/netfilter.h", "linux/netfilter/nfnetlink.h", "linux/netfilter/nf_tables.h", "linux/netfilter_ipv4.h")
            .Structure<NftablesBatch.NetfilterHeader>(
                "struct nfgenmsg", ("nfgen_family", "Family"), ("version", "Version"), ("res_id", "ResourceBigEndian"))
            .Constant("NFNL_SUBSYS_NFTABLES", NftMessage.Subsystem).Constant("NFNL_MSG_BATCH_BEGIN", NftMessage.BatchBegin)
            .Constant("NFNL_MSG_BATCH_END", NftMessage.BatchEnd)
            .Constant("NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWTABLE", NftMessage.NewTable)
            .Constant("NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE", NftMessage.GetTable)
            .Constant("NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELTABLE", NftMessage.DeleteTable)
            .Constant("NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN", NftMessage.NewChain)
            .Constant("NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE", NftMessage.NewRule)
            .Constant("NFTA_TABLE_NAME", Nfta.TableName).Constant("NFTA_CHAIN_TABLE", Nfta.ChainTable)
            .Constant("NFTA_CHAIN_NAME", Nfta.ChainName).Constant("NFTA_CHAIN_HOOK", Nfta.ChainHook).Constant("NFTA_CHAIN_TYPE", Nfta.ChainType)
            .Constant("NFTA_HOOK_HOOKNUM", Nfta.HookNumber).Constant("NFTA_HOOK_PRIORITY", Nfta.HookPriority)
            .Constant("NFTA_RULE_TABLE", Nfta.RuleTable).Constant("NFTA_RULE_CHAIN", Nfta.RuleChain)
            .Constant("NFTA_RULE_EXPRESSIONS", Nfta.RuleExpressions).Constant("NFTA_LIST_ELEM", Nfta.ListElement)
            .Constant("NFTA_EXPR_NAME", Nfta.ExpressionName).Constant("NFTA_EXPR_DATA", Nfta.ExpressionData)
            .Constant("NFTA_META_DREG", Nfta.MetaRegister).Constant("NFTA_META_KEY", Nfta.MetaKey)
            .Constant("NFTA_CMP_SREG", Nfta.CompareRegister).Constant("NFTA_CMP_OP", Nfta.CompareOperation).Constant("NFTA_CMP_DATA", Nfta.CompareData)
            .Constant("NFTA_FIB_DREG", Nfta.FibRegister).Constant("NFTA_FIB_RESULT", Nfta.FibResult).Constant("NFTA_FIB_FLAGS", Nfta.FibFlags)
            .Constant("NFTA_IMMEDIATE_DREG", Nfta.ImmediateRegister).Constant("NFTA_IMMEDIATE_DATA", Nfta.ImmediateData)
            .Constant("NFTA_DATA_VALUE", Nfta.DataValue).Constant("NFTA_DATA_VERDICT", Nfta.DataVerdict).Constant("NFTA_VERDICT_CODE", Nfta.VerdictCode)
            .Constant("NFPROTO_INET", NftValue.FamilyInet).Constant("NF_INET_PRE_ROUTING", NftValue.HookPreRouting)
            .Constant("NF_IP_PRI_RAW", NftValue.PriorityRaw).Constant("NFT_META_IIFNAME", NftValue.MetaInputName)
            .Constant("NFT_REG_1", NftValue.Register1).Constant("NFT_REG_VERDICT", NftValue.RegisterVerdict)
            .Constant("NFT_CMP_EQ", NftValue.CompareEqual).Constant("NFT_FIB_RESULT_OIF", NftValue.FibResultOutputLink)
            .Constant("NFTA_FIB_F_SADDR | NFTA_FIB_F_IIF | NFTA_FIB_F_PRESENT", NftValue.FibSourceByInputLink)
            .Constant("NF_DROP", NftValue.VerdictDrop)
            .Verify(architecture);
}
