using Insula.Engine.Parameters;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;
using static Insula.Engine.Parameters.Catalog.DiskParameters;
using static Insula.Engine.Planning.Validation.BoundRules;

namespace Insula.Engine.Planning.Validation;

/// <summary>
/// The rules (wiki.openvz.org/UBC_consistency_check), in such an order that making one true makes none before it false: repairing goes
/// through them once.
/// </summary>
internal static class ConsistencyRules
{
    private const long KiB = 1024;

    /// <summary>Of a configuration by beancounters.</summary>
    public static IReadOnlyList<ConsistencyRule> Classic { get; } =
    [
        Equal(NumProc), Equal(NumTcpSock), Equal(NumOtherSock), Equal(ShmPages), Equal(NumFile), Equal(NumPty), Equal(NumSigInfo), Equal(NumIptEnt),
        LimitIsUnlimited(VmGuarPages), LimitIsUnlimited(OomGuarPages), LimitIsUnlimited(PhysPages), BarrierIsZero(PhysPages),
        Ordered(KMemSize), Ordered(TcpSndBuf), Ordered(TcpRcvBuf), Ordered(OtherSockBuf), Ordered(DgramRcvBuf), Ordered(PrivVmPages),
        Ordered(LockedPages), Ordered(NumFlock), Ordered(DCacheSize),
        BarrierAtLeast(TcpSndBuf, 64 * KiB, FindingSeverity.Warning), BarrierAtLeast(TcpRcvBuf, 64 * KiB, FindingSeverity.Warning),
        .. LargeEnough(DgramRcvBuf), .. LargeEnough(OtherSockBuf),
        GapForSockets(TcpSndBuf, NumTcpSock, FindingSeverity.Error),
        GapForSockets(OtherSockBuf, NumOtherSock, FindingSeverity.Error),
        GapForSockets(TcpRcvBuf, NumTcpSock, FindingSeverity.Warning),
        .. Files(),
        AtLeast(DCacheSize, FindingSeverity.Warning, "lim", "384 * numfile", [NumFile],
            bounds => Amount.Product(bounds[NumFile].Barrier, 384),
            (value, least) => value with { Limit = least }),
        AtLeast(KMemSize, FindingSeverity.Error, "bar", "40 KiB * avnumproc + dcachesize.lim", [NumProc, DCacheSize],
            bounds => Amount.Sum(Amount.Product(bounds.AverageProcesses, 40 * KiB), bounds[DCacheSize].Limit),
            Amount.Raise),
        // OpenVZ's own repair copied the limit of vmguarpages, which is unlimited, and so took the bound away.
        AtLeast(PrivVmPages, FindingSeverity.Warning, "bar", "vmguarpages.bar", [VmGuarPages],
            bounds => bounds[VmGuarPages].Barrier,
            (value, least) => new BarrierLimit(least, Math.Max(least, value.Limit))),
    ];

    /// <summary>Of disk limits, checked while quotas are on.</summary>
    public static IReadOnlyList<ConsistencyRule> Disk { get; } = [Ordered(DiskSpace), Ordered(DiskInodes)];

    /// <summary>Of a vswap configuration on a host.</summary>
    public static IReadOnlyList<ConsistencyRule> Vswap(HostResources host) =>
    [
        BarrierIsZero(PhysPages), BarrierIsZero(SwapPages),
        LimitWithinHost(PhysPages, host.Memory / Quantity.PageSize, "memory"),
        LimitWithinHost(SwapPages, host.Swap / Quantity.PageSize, "swap"),
    ];

    private static ConsistencyRule[] LargeEnough(ParameterDeclaration<BarrierLimit> buffer) =>
    [
        BarrierAtLeast(buffer, 32 * KiB, FindingSeverity.Warning),
        BarrierAtLeast(buffer, 129 * KiB, FindingSeverity.Recommendation),
    ];

    private static ConsistencyRule[] Files() =>
    [
        AtLeast(NumFile, FindingSeverity.Warning, "bar", "32 * avnumproc", [NumProc],
            bounds => Amount.Product(bounds.AverageProcesses, 32),
            (_, least) => new BarrierLimit(least)),
        AtLeast(NumFile, FindingSeverity.Warning, "bar", "numtcpsock + numothersock + numpty", [NumTcpSock, NumOtherSock, NumPty],
            bounds => Amount.Sum(Amount.Sum(bounds[NumTcpSock].Barrier, bounds[NumOtherSock].Barrier), bounds[NumPty].Barrier),
            (_, least) => new BarrierLimit(least)),
    ];
}
