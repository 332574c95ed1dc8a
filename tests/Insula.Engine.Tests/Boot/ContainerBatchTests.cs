using System.Collections.Concurrent;
using Insula.Engine.Boot;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Boot;

public class ContainerBatchTests
{
    [Fact]
    public void As_many_as_allowed_work_at_the_same_time_and_no_more()
    {
        using var together = new Barrier(3);
        var now = 0;
        var most = 0;
        var batch = new ContainerBatch(3, _ =>
        {
            var count = Interlocked.Increment(ref now);
            InterlockedMax(ref most, count);
            // Nobody gets past until three are here: six containers pass two by three, or the test hangs.
            together.SignalAndWait(TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref now);
            return 0;
        });
        Assert.Empty(batch.Run([[.. Enumerable.Range(1, 6).Select(number => new Ctid(number))]]));
        Assert.Equal(3, most);
    }

    [Fact]
    public void A_step_begins_when_the_one_before_has_ended_and_failures_are_all_told()
    {
        var order = new ConcurrentQueue<int>();
        var batch = new ContainerBatch(8, ctid =>
        {
            order.Enqueue(ctid.Value);
            return ctid.Value % 2 == 0 ? 7 : 0;
        });
        var failed = batch.Run([[new Ctid(4), new Ctid(3)], [new Ctid(2)], [new Ctid(1)]]);
        Assert.Equal([(new Ctid(2), 7), (new Ctid(4), 7)], failed);
        Assert.Equal([3, 4], order.Take(2).Order());
        Assert.Equal([2, 1], order.Skip(2));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
