using CsCheck;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Cgroups;

public class CpuChoiceTests
{
    private static readonly Gen<CpuSet> Sets = Gen.Int[0, 130].HashSet[1, 40].Select(CpuSet.Of);

    private static CpuSet Set(string text) => CpuSet.TryParse(text, out var set) ? set : throw new FormatException(text);

    [Theory]
    [InlineData(0, "0-1")]
    [InlineData(1, "2-3")]
    [InlineData(2, "4-5")]
    [InlineData(3, "0-1")]
    [InlineData(101, "4-5")]
    public void Containers_are_spread_over_the_processors_by_their_numbers(int number, string expected)
        => Assert.Equal(Set(expected), CpuChoice.Choose(Set("0-5"), null, 2, number));

    [Fact]
    public void A_run_of_processors_goes_on_at_the_beginning()
        => Assert.Equal(Set("0,3-4"), CpuChoice.Choose(Set("0-4"), null, 3, 1));

    [Fact]
    public void With_a_mask_the_lowest_of_it_are_taken_whatever_the_number()
        => Assert.Equal(Set("2,5"), CpuChoice.Choose(Set("0-7"), Set("2,5-7,100"), 2, 12345));

    [Fact]
    public void More_processors_than_there_are_means_all_of_them()
        => Assert.Equal(Set("1-2"), CpuChoice.Choose(Set("1-2"), null, 64, 7));

    [Fact]
    public void The_mask_all_means_all_that_are_allowed()
        => Assert.Equal(Set("0-3"), CpuChoice.Choose(Set("0-3"), CpuSet.All, null, 7));

    [Fact]
    public void A_mask_of_processors_that_are_not_to_be_had_is_an_error_that_says_which_are()
    {
        var error = Assert.Throws<LinuxException>(() => CpuChoice.Choose(Set("0-1"), Set("5"), 1, 7));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Contains("0-1", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_choice_is_within_bounds_and_of_the_right_size()
        => Gen.Select(Sets, Gen.Int[1, 50], Gen.Int[0, int.MaxValue]).Sample((allowed, count, number) =>
        {
            var chosen = CpuChoice.Choose(allowed, null, count, number);
            Assert.Equal(Math.Min(count, allowed.Count), chosen.Count);
            Assert.Equal(chosen, chosen.Intersect(allowed));
        });

    [Fact]
    public void Containers_with_consecutive_numbers_load_every_processor_alike()
    {
        var load = new int[6];
        for (var number = 101; number < 101 + 6; number++)
        {
            foreach (var cpu in CpuChoice.Choose(Set("0-5"), null, 4, number).Members)
                load[cpu]++;
        }
        Assert.Equal([4, 4, 4, 4, 4, 4], load);
    }
}
