namespace Insula.Linux.Nftables;

/// <summary>Message types of the nftables subsystem of nfnetlink (linux/netfilter/nf_tables.h), with the subsystem in the high byte.</summary>
internal static class NftMessage
{
    /// <summary>NFNL_SUBSYS_NFTABLES.</summary>
    public const ushort Subsystem = 10;
    public const ushort BatchBegin = 16;
    public const ushort BatchEnd = 17;
    public const ushort NewTable = Subsystem << 8;
    public const ushort GetTable = (Subsystem << 8) | 1;
    public const ushort DeleteTable = (Subsystem << 8) | 2;
    public const ushort NewChain = (Subsystem << 8) | 3;
    public const ushort NewRule = (Subsystem << 8) | 6;
    public const ushort GetRule = (Subsystem << 8) | 7;
}

/// <summary>NFTA_*: attributes of tables, chains, rules and expressions (linux/netfilter/nf_tables.h).</summary>
internal static class Nfta
{
    public const ushort TableName = 1;

    public const ushort ChainTable = 1;
    public const ushort ChainName = 3;
    public const ushort ChainHook = 4;
    public const ushort ChainType = 7;
    public const ushort HookNumber = 1;
    public const ushort HookPriority = 2;

    public const ushort RuleTable = 1;
    public const ushort RuleChain = 2;
    public const ushort RuleExpressions = 4;

    public const ushort ListElement = 1;
    public const ushort ExpressionName = 1;
    public const ushort ExpressionData = 2;

    public const ushort MetaRegister = 1;
    public const ushort MetaKey = 2;
    public const ushort CompareRegister = 1;
    public const ushort CompareOperation = 2;
    public const ushort CompareData = 3;
    public const ushort FibRegister = 1;
    public const ushort FibResult = 2;
    public const ushort FibFlags = 3;
    public const ushort ImmediateRegister = 1;
    public const ushort ImmediateData = 2;
    public const ushort DataValue = 1;
    public const ushort DataVerdict = 2;
    public const ushort VerdictCode = 1;
}

/// <summary>Values of those attributes.</summary>
internal static class NftValue
{
    /// <summary>NFPROTO_UNSPEC: every family.</summary>
    public const byte FamilyAny = 0;

    /// <summary>NFPROTO_INET: IPv4 and IPv6 in one table.</summary>
    public const byte FamilyInet = 1;

    /// <summary>NF_INET_PRE_ROUTING.</summary>
    public const uint HookPreRouting = 0;

    /// <summary>NF_IP_PRI_RAW: before connection tracking and address translation.</summary>
    public const int PriorityRaw = -300;

    /// <summary>NFT_META_IIFNAME.</summary>
    public const uint MetaInputName = 6;

    /// <summary>NFT_REG_1.</summary>
    public const uint Register1 = 1;

    /// <summary>NFT_REG_VERDICT.</summary>
    public const uint RegisterVerdict = 0;

    /// <summary>NFT_CMP_EQ.</summary>
    public const uint CompareEqual = 0;

    /// <summary>NFT_FIB_RESULT_OIF.</summary>
    public const uint FibResultOutputLink = 1;

    /// <summary>NFTA_FIB_F_SADDR | NFTA_FIB_F_IIF | NFTA_FIB_F_PRESENT.</summary>
    public const uint FibSourceByInputLink = 0x01 | 0x08 | 0x20;

    /// <summary>NF_DROP.</summary>
    public const uint VerdictDrop = 0;
}
