using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;

namespace Insula.Engine.Planning;

/// <summary>How much of the host one container takes: what vzcalc shows.</summary>
/// <param name="LowMemory">Of the memory that the kernel itself can use.</param>
/// <param name="Ram">Of RAM.</param>
/// <param name="MemoryAndSwap">Of RAM and swap.</param>
/// <param name="Allocated">Of RAM and swap, if all that has been asked for were touched.</param>
/// <param name="Processes">Of kernel.threads-max.</param>
public sealed record ContainerShares(ShareOfHost LowMemory, ShareOfHost Ram, ShareOfHost MemoryAndSwap, ShareOfHost Allocated, ShareOfHost Processes)
{
    /// <summary>The largest of the four shares of memory.</summary>
    public ShareOfHost Memory => LowMemory.Or(Ram).Or(MemoryAndSwap).Or(Allocated);

    /// <summary>Calculates them.</summary>
    /// <param name="account">The container's account.</param>
    /// <param name="running">False for one that is not running: it holds nothing.</param>
    /// <param name="host">The host.</param>
    public static ContainerShares Of(Beancounter account, bool running, HostResources host)
    {
        var part = MemoryDemand.Of(account).DividedBy(MemoryDemand.CapacityOf(host));
        double? Current(double value) => running ? value : null;
        var processes = account[BeancounterResources.Processes];
        return new ContainerShares(
            new ShareOfHost(Current(part.LowUsed), part.LowPromised, part.LowPromised),
            new ShareOfHost(Current(part.RamUsed), null, null),
            new ShareOfHost(Current(part.SwappableUsed), part.SwappablePromised, null),
            new ShareOfHost(Current(part.AllocatedUsed), part.AllocatedPromised, part.AllocatedMost),
            host.MaximumThreads == 0
                ? default
                : new ShareOfHost(Current((double)processes.Held / host.MaximumThreads), null, Bound(processes.Barrier) / host.MaximumThreads));
    }

    private static double Bound(long value) => value == BarrierLimit.Unlimited ? double.PositiveInfinity : value;
}
