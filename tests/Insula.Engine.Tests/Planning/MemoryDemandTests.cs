using CsCheck;
using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;
using Insula.Engine.Planning;
using static Insula.Engine.Beancounters.BeancounterResources;

namespace Insula.Engine.Tests.Planning;

public sealed class MemoryDemandTests
{
    private const long Unlimited = BarrierLimit.Unlimited;

    // 1 MB held and 2 MB of limit in kernel memory and buffers together.
    private static readonly (BeancounterResource, long, long, long)[] Buffers =
    [
        (KernelMemory, 600_000, 0, 1_000_000), (TcpReceiveBuffers, 100_000, 0, 250_000), (TcpSendBuffers, 100_000, 0, 250_000),
        (DatagramReceiveBuffers, 100_000, 0, 250_000), (OtherSendBuffers, 100_000, 0, 250_000),
    ];

    [Fact]
    public void Each_column_is_pages_and_kernel_memory_in_bytes()
    {
        var demand = MemoryDemand.Of(Accounts.Of(101,
        [
            .. Buffers, (Memory, 10, 0, Unlimited), (OomGuarantee, 20, 30, Unlimited), (PrivateMemory, 40, 50, 60), (GuaranteedMemory, 0, 45, Unlimited),
        ]));
        Assert.Equal(
            [1e6, 2e6, 10 * 4096 + 1e6, 20 * 4096 + 1e6, 30 * 4096 + 2e6, 40 * 4096 + 1e6, 45 * 4096 + 2e6, 60 * 4096 + 2e6],
            demand.Columns);
    }

    [Fact]
    public void The_host_has_two_fifths_of_its_low_memory_for_containers()
    {
        var host = Accounts.Host with { LowMemory = 1000 };
        Assert.Equal(
            [400, 400, host.Memory, host.MemoryAndSwap, host.MemoryAndSwap, host.MemoryAndSwap, host.MemoryAndSwap, host.MemoryAndSwap],
            MemoryDemand.CapacityOf(host).Columns.Select(value => (long)value));
    }

    [Fact]
    public void Shares_are_of_the_host_and_memory_is_the_largest_of_them()
    {
        var account = Accounts.Of(101, [.. Buffers, (Memory, 1000, 0, Unlimited), (PrivateMemory, 2000, 0, Unlimited), (Processes, 50, 100, 100)]);
        var host = new HostResources(100_000_000, 0, 100_000_000, 1000, 0);
        var shares = ContainerShares.Of(account, running: true, host);
        Assert.Equal(1e6 / 40e6, shares.LowMemory.Current);
        Assert.Equal(2e6 / 40e6, shares.LowMemory.Promised);
        Assert.Equal(shares.LowMemory.Promised, shares.LowMemory.Most);
        Assert.Equal(new ShareOfHost((4_096_000 + 1e6) / 1e8, null, null), shares.Ram);
        Assert.Null(shares.MemoryAndSwap.Most);
        Assert.Equal(double.PositiveInfinity, shares.Allocated.Most);
        Assert.Equal(new ShareOfHost(0.05, null, 0.1), shares.Processes);
        Assert.Equal(new ShareOfHost((8_192_000 + 1e6) / 1e8, 0.05, double.PositiveInfinity), shares.Memory);
    }

    [Fact]
    public void A_container_that_does_not_run_uses_nothing_and_keeps_its_promises()
    {
        var shares = ContainerShares.Of(Accounts.Of(101, Buffers), running: false, Accounts.Host);
        Assert.Null(shares.Memory.Current);
        Assert.Null(shares.Processes.Current);
        Assert.True(shares.Memory.Promised > 0);
        Assert.Equal(default, ContainerShares.Of(Accounts.Of(101, Buffers), running: true, Accounts.Host with { MaximumThreads = 0 }).Processes);
    }

    [Fact]
    public void The_order_of_containers_does_not_change_a_sum_and_nothing_is_ever_negative_or_no_number()
        => Gen.Long[0, long.MaxValue].Array[BeancounterResources.All.Count * 3].List[1, 5].Sample(containers =>
        {
            var demands = containers.Select((numbers, at) => MemoryDemand.Of(Accounts.Of(at + 1,
                [.. BeancounterResources.All.Select((resource, row) => (resource, numbers[3 * row], numbers[3 * row + 1], numbers[3 * row + 2]))]))).ToList();
            var forwards = demands.Aggregate((one, other) => one.Plus(other)).DividedBy(MemoryDemand.CapacityOf(Accounts.Host)).Columns;
            var backwards = demands.AsEnumerable().Reverse().Aggregate((one, other) => one.Plus(other)).DividedBy(MemoryDemand.CapacityOf(Accounts.Host)).Columns;
            Assert.All(forwards.Zip(backwards), pair => Assert.True(pair.First >= 0 && (pair.First == pair.Second || Math.Abs(pair.First / pair.Second - 1) < 1e-12)));
        });
}
