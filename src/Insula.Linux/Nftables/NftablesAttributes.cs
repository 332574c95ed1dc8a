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
    public const ushort GetChain = (Subsystem << 8) | 4;
    public const ushort DeleteChain = (Subsystem << 8) | 5;
    public const ushort NewRule = (Subsystem << 8) | 6;
    public const ushort GetRule = (Subsystem << 8) | 7;
    public const ushort GetSet = (Subsystem << 8) | 10;
    public const ushort DeleteRule = (Subsystem << 8) | 8;
    public const ushort NewSet = (Subsystem << 8) | 9;
    public const ushort DeleteSet = (Subsystem << 8) | 11;
    public const ushort NewElement = (Subsystem << 8) | 12;
    public const ushort GetElement = (Subsystem << 8) | 13;
    public const ushort DeleteElement = (Subsystem << 8) | 14;
    public const ushort NewGeneration = (Subsystem << 8) | 15;
    public const ushort GetGeneration = (Subsystem << 8) | 16;
    public const ushort NewObject = (Subsystem << 8) | 18;
    public const ushort GetObject = (Subsystem << 8) | 19;
    public const ushort DeleteObject = (Subsystem << 8) | 20;
}

/// <summary>NFTA_*: attributes of tables, chains, rules, sets, objects and expressions (linux/netfilter/nf_tables.h).</summary>
internal static class Nfta
{
    /// <summary>NFTA_GEN_ID.</summary>
    public const ushort GenerationId = 1;

    /// <summary>NFNL_BATCH_GENID (linux/netfilter/nfnetlink.h).</summary>
    public const ushort BatchGeneration = 1;

    public const ushort TableName = 1;

    public const ushort ChainTable = 1;
    public const ushort ChainName = 3;
    public const ushort ChainHook = 4;
    public const ushort ChainType = 7;
    public const ushort HookNumber = 1;
    public const ushort HookPriority = 2;
    public const ushort HookDevice = 3;

    public const ushort RuleTable = 1;
    public const ushort RuleChain = 2;
    public const ushort RuleExpressions = 4;

    public const ushort SetTable = 1;
    public const ushort SetName = 2;
    public const ushort SetFlags = 3;
    public const ushort SetKeyType = 4;
    public const ushort SetKeyLength = 5;
    public const ushort SetDataType = 6;
    public const ushort SetDataLength = 7;
    public const ushort SetDescription = 9;
    public const ushort SetDescriptionSize = 1;
    public const ushort SetId = 10;
    public const ushort SetTimeout = 11;
    public const ushort SetUserData = 13;
    public const ushort SetObjectType = 15;

    public const ushort ElementsTable = 1;
    public const ushort ElementsSet = 2;
    public const ushort Elements = 3;
    public const ushort ElementsSetId = 4;
    public const ushort ElementKey = 1;
    public const ushort ElementData = 2;
    public const ushort ElementFlags = 3;
    public const ushort ElementUserData = 6;
    public const ushort ElementObject = 9;

    public const ushort ObjectTable = 1;
    public const ushort ObjectName = 2;
    public const ushort ObjectType = 3;
    public const ushort ObjectData = 4;
    public const ushort CounterBytes = 1;
    public const ushort CounterPackets = 2;
    public const ushort LimitRate = 1;
    public const ushort LimitUnit = 2;
    public const ushort LimitBurst = 3;

    /// <summary>NFTA_GEN_PROC_NAME: which program made the change that is told of.</summary>
    public const ushort GenerationProcessName = 3;

    public const ushort ListElement = 1;
    public const ushort ExpressionName = 1;
    public const ushort ExpressionData = 2;

    public const ushort MetaRegister = 1;
    public const ushort MetaKey = 2;
    public const ushort PayloadRegister = 1;
    public const ushort PayloadBase = 2;
    public const ushort PayloadOffset = 3;
    public const ushort PayloadLength = 4;
    public const ushort CompareRegister = 1;
    public const ushort CompareOperation = 2;
    public const ushort CompareData = 3;
    public const ushort LookupSet = 1;
    public const ushort LookupSource = 2;
    public const ushort LookupDestination = 3;
    public const ushort LookupSetId = 4;
    public const ushort LookupFlags = 5;
    public const ushort DynamicSetName = 1;
    public const ushort DynamicSetOperation = 3;
    public const ushort DynamicSetKey = 4;
    public const ushort DynamicSetTimeout = 6;
    public const ushort BitwiseSource = 1;
    public const ushort BitwiseDestination = 2;
    public const ushort BitwiseLength = 3;
    public const ushort BitwiseMask = 4;
    public const ushort BitwiseXor = 5;
    public const ushort ObjectKind = 1;
    public const ushort ObjectOwnName = 2;
    public const ushort ObjectSetRegister = 3;
    public const ushort ObjectSetName = 4;
    public const ushort ConntrackRegister = 1;
    public const ushort ConntrackKey = 2;
    public const ushort ConnectionLimitCount = 1;
    public const ushort ConnectionLimitFlags = 2;
    public const ushort LogPrefix = 2;
    public const ushort LogLevel = 5;
    public const ushort FibRegister = 1;
    public const ushort FibResult = 2;
    public const ushort FibFlags = 3;
    public const ushort ExtensionRegister = 1;
    public const ushort ExtensionType = 2;
    public const ushort ExtensionOffset = 3;
    public const ushort ExtensionLength = 4;
    public const ushort ExtensionFlags = 5;
    public const ushort NatType = 1;
    public const ushort NatFamily = 2;
    public const ushort NatAddress = 3;
    public const ushort NatPort = 5;
    public const ushort ImmediateRegister = 1;
    public const ushort ImmediateData = 2;
    public const ushort DataValue = 1;
    public const ushort DataVerdict = 2;
    public const ushort VerdictCode = 1;
    public const ushort VerdictChain = 2;
}

/// <summary>Values of those attributes.</summary>
internal static class NftValue
{
    /// <summary>NF_NETDEV_INGRESS.</summary>
    public const uint HookIngress = 0;

    /// <summary>NFT_REG_VERDICT.</summary>
    public const uint RegisterVerdict = 0;

    /// <summary>NFT_CMP_EQ.</summary>
    public const uint CompareEqual = 0;

    /// <summary>NFT_CMP_NEQ.</summary>
    public const uint CompareNotEqual = 1;

    /// <summary>NFT_LOOKUP_F_INV.</summary>
    public const uint LookupInverted = 1;

    /// <summary>NFT_SET_ANONYMOUS.</summary>
    public const uint SetAnonymous = 1;

    /// <summary>NFT_SET_CONSTANT.</summary>
    public const uint SetConstant = 2;

    /// <summary>NFT_SET_INTERVAL.</summary>
    public const uint SetInterval = 4;

    /// <summary>NFT_SET_TIMEOUT.</summary>
    public const uint SetTimeout = 0x10;

    /// <summary>NFT_SET_EVAL.</summary>
    public const uint SetEvaluated = 0x20;

    /// <summary>NFT_SET_ELEM_INTERVAL_END.</summary>
    public const uint ElementEndsInterval = 1;

    /// <summary>NFT_DATA_VERDICT.</summary>
    public const uint DataVerdict = 0xffffff00;

    /// <summary>NFT_DYNSET_OP_UPDATE.</summary>
    public const uint DynamicSetUpdate = 1;

    /// <summary>NFT_SET_MAP.</summary>
    public const uint SetMap = 8;

    /// <summary>NFT_SET_OBJECT.</summary>
    public const uint SetObject = 0x40;

    /// <summary>NFT_OBJECT_COUNTER.</summary>
    public const uint ObjectCounter = 1;

    /// <summary>NFT_OBJECT_LIMIT.</summary>
    public const uint ObjectLimit = 4;

    /// <summary>NFT_FIB_RESULT_ADDRTYPE.</summary>
    public const uint FibAddressType = 3;

    /// <summary>NFTA_FIB_F_DADDR.</summary>
    public const uint FibDestination = 2;

    /// <summary>NFT_EXTHDR_F_PRESENT.</summary>
    public const uint ExtensionPresent = 1;

    /// <summary>NFT_CONNLIMIT_F_INV.</summary>
    public const uint ConnectionLimitInverted = 1;

    /// <summary>NFT_NAT_SNAT.</summary>
    public const uint SourceNat = 0;

    /// <summary>NFT_NAT_DNAT.</summary>
    public const uint DestinationNat = 1;

    /// <summary>LOG_INFO of syslog(3), by NFT_LOGLEVEL_INFO.</summary>
    public const uint LogInformation = 6;

    /// <summary>NF_DROP.</summary>
    public const int VerdictDrop = 0;

    /// <summary>NF_ACCEPT.</summary>
    public const int VerdictAccept = 1;

    /// <summary>NFT_JUMP.</summary>
    public const int VerdictJump = -3;

    /// <summary>NFT_GOTO.</summary>
    public const int VerdictGoto = -4;

    /// <summary>NFT_RETURN.</summary>
    public const int VerdictReturn = -5;
}
