using Insula.Linux.Fuse;

namespace Insula.Linux.Tests.Fuse;

/// <summary>Whose turn it is.</summary>
public sealed class FairQueueTests
{
    private const long Credit = 100;

    private readonly FairQueue _queue = new(mostAtOnce: 2, Credit);

    [Fact]
    public void One_request_of_another_does_not_wait_for_a_hundred_of_one()
    {
        Add(1, 100);
        Serve(10);
        _queue.Add(2, 1000);
        Assert.True(_queue.TryTake(out var request, out var party));
        Assert.Equal((1000, 2UL), (request, party));
    }

    [Fact]
    public void Requests_of_one_are_served_as_they_came()
    {
        Add(1, 50);
        Assert.Equal(Enumerable.Range(0, 50), Serve(50).Select(served => served.Request));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Time_is_shared_evenly_and_not_the_number_of_requests()
    {
        Add(1, 300);
        Add(2, 300);
        var served = Serve(200, party => party == 1 ? 30 : 10);
        Assert.InRange(served.Count(request => request.Party == 2), 145, 155);
    }

    [Fact]
    public void Who_has_not_asked_for_long_is_next_but_has_little_time_saved_up()
    {
        Add(1, 1000);
        Serve(500);
        Add(2, 500);
        var served = Serve(100);
        Assert.Equal(2UL, served[0].Party);
        Assert.InRange(served.Count(request => request.Party == 2), 50, 60);
    }

    [Fact]
    public void Who_asks_seldom_goes_before_many_who_ask_all_the_time()
    {
        for (var party = 1UL; party <= 10; party++)
            _queue.Add(party, 0);
        for (var round = 1; round < 200; round++)
        {
            var seldom = round % 20 == 0;
            if (seldom)
                _queue.Add(99, round);
            Assert.True(_queue.TryTake(out _, out var party));
            Assert.Equal(seldom, party == 99);
            _queue.End(party, 10);
            if (!seldom)
                _queue.Add(party, round);
        }
    }

    [Fact]
    public void A_thousand_that_came_once_are_no_burden_for_ever()
    {
        for (var party = 1UL; party <= 10_000; party++)
        {
            _queue.Add(party, 0);
            Serve(1);
            _queue.Add(0, 0);
            Serve(1, _ => 1000);
        }
        Assert.InRange(_queue.Parties, 1, 200);
    }

    [Fact]
    public void One_alone_does_not_get_all_threads()
    {
        Add(1, 10);
        Assert.True(_queue.TryTake(out _, out _));
        Assert.True(_queue.TryTake(out _, out _));
        Assert.False(_queue.TryTake(out _, out _));
        _queue.Add(2, 99);
        Assert.True(_queue.TryTake(out var request, out _));
        Assert.Equal(99, request);
        _queue.End(1, 5);
        Assert.True(_queue.TryTake(out request, out _));
        Assert.Equal(2, request);
    }

    [Fact]
    public void However_it_is_used_nothing_is_lost_and_nothing_comes_twice()
    {
        var random = new Random(7);
        var (next, running, seen) = (0, new List<ulong>(), new HashSet<int>());
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0)
                _queue.Add((ulong)random.Next(8), next++);
            if (random.Next(2) == 0 && _queue.TryTake(out var request, out var party))
            {
                Assert.True(seen.Add(request));
                running.Add(party);
                Assert.InRange(running.Count(one => one == party), 1, 2);
            }
            if (running.Count > random.Next(4))
            {
                _queue.End(running[0], random.Next(100));
                running.RemoveAt(0);
            }
        }
        foreach (var party in running)
            _queue.End(party, 1);
        foreach (var (request, _) in Serve(_queue.Count))
            Assert.True(seen.Add(request));
        Assert.Equal(next, seen.Count);
        Assert.False(_queue.HasNext);
    }

    private void Add(ulong party, int count)
    {
        for (var i = 0; i < count; i++)
            _queue.Add(party, i);
    }

    private List<(int Request, ulong Party)> Serve(int count, Func<ulong, long>? time = null)
    {
        var served = new List<(int, ulong)>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(_queue.TryTake(out var request, out var party));
            served.Add((request, party));
            _queue.End(party, time?.Invoke(party) ?? 10);
        }
        return served;
    }
}
