using CsCheck;
using Insula.Engine.Beancounters.Shared;
using Insula.Linux.PageFrames;

namespace Insula.Engine.Tests.Beancounters.Shared;

public sealed class PageShareTests
{
    [Theory]
    [InlineData(1, new double[] { 1 })]
    [InlineData(2, new double[] { 0.5, 0.5 })]
    [InlineData(3, new double[] { 0.5, 0.25, 0.25 })]
    [InlineData(4, new double[] { 0.25, 0.25, 0.25, 0.25 })]
    [InlineData(5, new double[] { 0.25, 0.25, 0.25, 0.125, 0.125 })]
    public void The_shares_of_the_first_holders(int holders, double[] shares)
        => Assert.Equal(shares, Shares(holders).Select(share => (double)share / PageShare.Whole));

    [Fact]
    public void Shares_always_sum_to_one_page()
        => Gen.Int[1, 10_000].Sample(holders => Shares(holders).Sum() == PageShare.Whole);

    [Fact]
    public void A_newcomer_takes_half_of_one_of_the_largest_shares_and_nobody_else_notices()
        => Gen.Int[1, 3000].Sample(holders =>
        {
            var (before, after) = (Shares(holders), Shares(holders + 1));
            var changed = Enumerable.Range(0, holders).Where(place => before[place] != after[place]).ToList();
            return changed is [var giver] && before[giver] == before.Max() && after[giver] * 2 == before[giver] && after[holders] == after[giver];
        });

    [Fact]
    public void There_are_as_many_of_each_share_as_halving_gives_whoever_gives()
        => Gen.Int[1, 2000].Sample(holders =>
        {
            var queue = new PriorityQueue<long, long>([(PageShare.Whole, -PageShare.Whole)]);
            for (var newcomer = 1; newcomer < holders; newcomer++)
            {
                var half = queue.Dequeue() / 2;
                queue.Enqueue(half, -half);
                queue.Enqueue(half, -half);
            }
            return queue.UnorderedItems.Select(item => item.Element).Order().SequenceEqual(Shares(holders).Order());
        });

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, PageShare.MostHolders + 1)]
    public void What_is_no_holder_has_no_share(int place, int holders)
        => Assert.Throws<ArgumentOutOfRangeException>(() => PageShare.Of(place, holders));

    [Fact]
    public void The_largest_number_of_holders_still_sums_to_one_page()
        => Assert.Equal(1, PageShare.Of(PageShare.MostHolders - 1, PageShare.MostHolders));

    [Fact]
    public void Frames_are_divided_among_those_that_hold_them_in_their_order()
    {
        var shares = Divide([[1, 2, 70_000], [2, 70_000], [2, 3]], host: [3]);
        Assert.Equal([1 + 0.5 + 0.5, 0.25 + 0.5, 0.25 + 0.5], shares.Shares.Select(share => (double)share / PageShare.Whole));
        Assert.Equal((4, 0.5), (shares.Frames, (double)shares.HostShare / PageShare.Whole));
    }

    [Fact]
    public void All_shares_together_are_the_frames_present()
        => Gen.Select(Gen.UInt[0, 200_000].HashSet[0, 50].Array[0, 8], Gen.UInt[0, 200_000].HashSet[0, 100]).Sample((sets, host) =>
        {
            var shares = Divide([.. sets.Select(set => set.Order().ToArray())], [.. host]);
            var present = sets.SelectMany(set => set).Distinct().Count();
            return shares.Frames == present && shares.Shares.Sum() + shares.HostShare == present * PageShare.Whole;
        });

    [Fact]
    public void Without_containers_there_is_nothing_to_divide() => Assert.Equal(0, Divide([], [1]).Frames);

    private static FrameShares Divide(uint[][] sets, HashSet<uint> host)
    {
        var shares = new FrameShares([.. sets.Select(set => FrameSet.OfSorted(set))]);
        shares.Divide((_, _) => frame => host.Contains((uint)frame));
        return shares;
    }

    private static long[] Shares(int holders) => [.. Enumerable.Range(0, holders).Select(place => PageShare.Of(place, holders))];
}
