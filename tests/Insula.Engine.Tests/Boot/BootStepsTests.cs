using Insula.Engine.Boot;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Boot;

public class BootStepsTests
{
    private static readonly BootCandidate Plain = new(new Ctid(101), OnBoot: true, BootOrder: null, Disabled: false, IsRunning: false, RanBefore: false);

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData(false, true, false)]
    public void A_container_starts_if_it_says_so_or_says_nothing_and_ran_before(bool? onBoot, bool ranBefore, bool starts)
        => Assert.Equal(starts, BootSteps.ToStart([Plain with { OnBoot = onBoot, RanBefore = ranBefore }]).Count == 1);

    [Fact]
    public void What_is_disabled_or_runs_already_is_left_alone()
        => Assert.Empty(BootSteps.ToStart([Plain with { Disabled = true }, Plain with { IsRunning = true }]));

    [Fact]
    public void Larger_orders_start_first_and_those_without_one_last()
    {
        var steps = BootSteps.ToStart([Ordered(5, null), Ordered(4, 1), Ordered(3, 10), Ordered(2, 10), Ordered(1, 0)]);
        Assert.Equal([[2, 3], [4], [1], [5]], Numbers(steps));
    }

    [Fact]
    public void All_that_run_stop_in_the_reverse_order_whatever_their_ONBOOT()
    {
        var steps = BootSteps.ToStop(
        [
            Ordered(5, null) with { IsRunning = true, OnBoot = false }, Ordered(4, 1) with { IsRunning = true, Disabled = true }, Ordered(3, 10) with { IsRunning = true },
            Ordered(2, 10) with { IsRunning = true, OnBoot = null }, Ordered(1, 0),
        ]);
        Assert.Equal([[5], [4], [2, 3]], Numbers(steps));
    }

    private static BootCandidate Ordered(int ctid, long? order) => Plain with { Ctid = new Ctid(ctid), BootOrder = order };

    private static int[][] Numbers(IReadOnlyList<IReadOnlyList<Ctid>> steps) => [.. steps.Select(step => step.Select(ctid => ctid.Value).ToArray())];
}
