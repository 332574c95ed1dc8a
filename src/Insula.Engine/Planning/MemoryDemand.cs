using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;

namespace Insula.Engine.Planning;

/// <summary>
/// What containers use of the host's memory, what they have been promised and what they may take at most, in bytes and by
/// each of the ways the memory can run short (wiki.openvz.org/UBC_systemwide_configuration). Infinite where nothing bounds it.
/// </summary>
/// <param name="LowUsed">Kernel memory and socket buffers in use.</param>
/// <param name="LowPromised">Their limits.</param>
/// <param name="RamUsed">RAM in use.</param>
/// <param name="SwappableUsed">RAM and swap in use.</param>
/// <param name="SwappablePromised">RAM and swap below which nobody is killed.</param>
/// <param name="AllocatedUsed">Memory asked for, touched or not.</param>
/// <param name="AllocatedPromised">Memory whose allocation is guaranteed.</param>
/// <param name="AllocatedMost">Memory that may be asked for.</param>
public readonly record struct MemoryDemand(
    double LowUsed,
    double LowPromised,
    double RamUsed,
    double SwappableUsed,
    double SwappablePromised,
    double AllocatedUsed,
    double AllocatedPromised,
    double AllocatedMost)
{
    /// <summary>The part of low memory that containers may have: the rest is the host's own.</summary>
    private const double LowShare = 0.4;

    /// <summary>Demand of one container.</summary>
    public static MemoryDemand Of(Beancounter account)
    {
        var used = Buffers(account, row => row.Held);
        var limit = Buffers(account, row => row.Limit);
        return new MemoryDemand(
            used,
            limit,
            Pages(account[BeancounterResources.Memory].Held) + used,
            Pages(account[BeancounterResources.OomGuarantee].Held) + used,
            Pages(account[BeancounterResources.OomGuarantee].Barrier) + limit,
            Pages(account[BeancounterResources.PrivateMemory].Held) + used,
            Pages(account[BeancounterResources.GuaranteedMemory].Barrier) + limit,
            Pages(account[BeancounterResources.PrivateMemory].Limit) + limit);
    }

    /// <summary>What the host has of each.</summary>
    public static MemoryDemand CapacityOf(HostResources host)
    {
        var low = LowShare * host.LowMemory;
        double all = host.MemoryAndSwap;
        return new MemoryDemand(low, low, host.Memory, all, all, all, all, all);
    }

    /// <summary>Demand of both.</summary>
    public MemoryDemand Plus(MemoryDemand other) => Combine(other, (one, two) => one + two);

    /// <summary>Demand as a fraction of a capacity.</summary>
    public MemoryDemand DividedBy(MemoryDemand capacity) => Combine(capacity, (one, two) => one / two);

    /// <summary>The eight numbers in the order of vzmemcheck's columns.</summary>
    public IReadOnlyList<double> Columns =>
        [LowUsed, LowPromised, RamUsed, SwappableUsed, SwappablePromised, AllocatedUsed, AllocatedPromised, AllocatedMost];

    private MemoryDemand Combine(MemoryDemand other, Func<double, double, double> with) => new(
        with(LowUsed, other.LowUsed),
        with(LowPromised, other.LowPromised),
        with(RamUsed, other.RamUsed),
        with(SwappableUsed, other.SwappableUsed),
        with(SwappablePromised, other.SwappablePromised),
        with(AllocatedUsed, other.AllocatedUsed),
        with(AllocatedPromised, other.AllocatedPromised),
        with(AllocatedMost, other.AllocatedMost));

    private static double Buffers(Beancounter account, Func<BeancounterReading, long> number)
        => Amount(number(account[BeancounterResources.KernelMemory]))
            + Amount(number(account[BeancounterResources.TcpReceiveBuffers]))
            + Amount(number(account[BeancounterResources.TcpSendBuffers]))
            + Amount(number(account[BeancounterResources.DatagramReceiveBuffers]))
            + Amount(number(account[BeancounterResources.OtherSendBuffers]));

    private static double Pages(long pages) => Amount(pages) * Quantity.PageSize;

    // A sum with LONG_MAX in it says nothing; that it has no bound does.
    private static double Amount(long value) => value == BarrierLimit.Unlimited ? double.PositiveInfinity : value;
}
