using CsCheck;
using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

public class CpuShareTests
{
    private static readonly Gen<int> Units = Gen.Int[CpuShare.MinUnits, CpuShare.MaxUnits];

    [Theory]
    [InlineData(8, 8, 1)]
    [InlineData(250, 256, 25)]
    [InlineData(1000, 1024, 100)]
    [InlineData(100_000, 102_400, 10_000)]
    [InlineData(256_000, 262_144, 10_000)]
    [InlineData(500_000, 262_144, 10_000)]
    public void Units_become_the_kernels_weights(int units, int shares, int weight)
    {
        Assert.Equal(shares, CpuShare.ToShares(units));
        Assert.Equal(weight, CpuShare.ToWeight(units));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(500_001)]
    public void Units_outside_of_OpenVZs_range_are_refused(int units)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuShare.ToShares(units));
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuShare.ToWeight(units));
    }

    [Fact]
    public void More_units_never_weigh_less()
        => Gen.Select(Units, Units).Sample((a, b) =>
        {
            var (less, more) = (Math.Min(a, b), Math.Max(a, b));
            Assert.InRange(CpuShare.ToShares(less), 2, CpuShare.ToShares(more));
            Assert.InRange(CpuShare.ToWeight(less), 1, CpuShare.ToWeight(more));
            Assert.InRange(CpuShare.ToShares(more), 2, 262144);
            Assert.InRange(CpuShare.ToWeight(more), 1, 10000);
        });

    [Fact]
    public void Shares_keep_the_ratio_of_two_containers_within_the_rounding_of_each()
        => Gen.Select(Gen.Int[8, 256_000], Gen.Int[8, 256_000]).Sample((a, b)
            => AssertRatio(a, b, CpuShare.ToShares(a), CpuShare.ToShares(b), 1.024));

    [Fact]
    public void Weights_keep_the_ratio_of_two_containers_within_the_rounding_of_each()
        => Gen.Select(Gen.Int[8, 100_000], Gen.Int[8, 100_000]).Sample((a, b)
            => AssertRatio(a, b, CpuShare.ToWeight(a), CpuShare.ToWeight(b), 0.1));

    [Fact]
    public void Among_containers_shares_keep_the_ratio_of_any_two_over_the_whole_range()
        => Gen.Select(Units, Units).Sample((a, b)
            => AssertRatio(a, b, CpuShare.ToSharesOfSiblings(a), CpuShare.ToSharesOfSiblings(b), 0.5));

    [Fact]
    public void Among_containers_coarse_weights_keep_the_ratio_of_any_two_up_to_the_most_there_are()
        => Gen.Select(Gen.Int[50, CpuShare.MaxUnits], Gen.Int[50, CpuShare.MaxUnits]).Sample((a, b)
            => AssertRatio(a, b, CpuShare.ToCoarseWeight(a), CpuShare.ToCoarseWeight(b), 0.02));

    [Fact]
    public void A_weight_that_is_made_coarse_later_is_at_most_one_off_what_it_would_have_been_at_once()
        => Gen.Int[CpuShare.MinUnits, CpuShare.MostFineUnits].Sample(units
            => Assert.InRange(CpuShare.Coarsen(CpuShare.ToWeight(units)) - CpuShare.ToCoarseWeight(units), 0, 1));

    [Theory]
    [InlineData(200, 100, 50)]
    [InlineData(20000, 10000, 5000)]
    [InlineData(500_000, 250_000, 125_000)]
    public void Halves_are_halves_on_every_scale(params int[] units)
    {
        foreach (var scale in (Func<int, int>[])[CpuShare.ToSharesOfSiblings, CpuShare.ToCoarseWeight, units[0] <= CpuShare.MostFineUnits ? CpuShare.ToWeight : CpuShare.ToCoarseWeight])
        {
            Assert.Equal(scale(units[0]), 2 * scale(units[1]));
            Assert.InRange(scale(units[0]) - (4 * scale(units[2])), -2, 0);
        }
    }

    [Fact]
    public void From_1000_units_on_a_weight_is_at_most_half_a_percent_off()
        => Gen.Int[1000, 100_000].Sample(units => Assert.InRange(CpuShare.ToWeight(units) / (units * 0.1), 0.995, 1.005));

    // A weight is off by at most half, so the ratio by at most half on one side and half the other way on the other.
    private static void AssertRatio(int a, int b, int weightOfA, int weightOfB, double factor)
    {
        var (exactA, exactB) = (a * factor, b * factor);
        var ratio = (double)weightOfA / weightOfB;
        Assert.InRange(ratio, (exactA - 0.5) / (exactB + 0.5) - 1e-9, (exactA + 0.5) / (exactB - 0.5) + 1e-9);
    }
}
