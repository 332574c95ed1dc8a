using CsCheck;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Cgroups;

public class CpuSetTests
{
    private static readonly Gen<HashSet<int>> Members = Gen.Int[0, 300].HashSet[0, 40];

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-2,7", "0-2,7")]
    [InlineData("7,2,1,0,1", "0-2,7")]
    [InlineData("3-3", "3")]
    [InlineData("00", "0")]
    [InlineData("4095", "4095")]
    [InlineData("0-4095", "all")]
    [InlineData("all", "all")]
    public void A_list_is_parsed_and_written_canonically(string text, string canonical)
    {
        Assert.True(CpuSet.TryParse(text, out var set));
        Assert.Equal(canonical, set.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("4096")]
    [InlineData("99999")]
    [InlineData("99999999999999")]
    [InlineData("a")]
    [InlineData("ALL")]
    [InlineData("0,")]
    [InlineData(",0")]
    [InlineData("0 1")]
    [InlineData("0-1-2")]
    [InlineData("+1")]
    [InlineData("0x1")]
    [InlineData("all,0")]
    [InlineData("1\n")]
    public void Anything_else_is_refused(string text) => Assert.False(CpuSet.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_back_the_same()
        => Members.Sample(members =>
        {
            var set = CpuSet.Of(members);
            Assert.Equal(members.Count, set.Count);
            Assert.Equal(members.Order(), set.Members);
            Assert.Equal(set, CpuSet.FromKernel(set.ToString(), "test"));
            Assert.All(Enumerable.Range(0, 310), number => Assert.Equal(members.Contains(number), set.Contains(number)));
        });

    [Fact]
    public void The_intersection_has_the_members_of_both()
        => Gen.Select(Members, Members).Sample((a, b)
            => Assert.Equal(CpuSet.Of(a.Intersect(b)), CpuSet.Of(a).Intersect(CpuSet.Of(b))));

    [Fact]
    public void Equal_sets_are_equal_however_they_were_made()
    {
        var cut = CpuSet.Range(0, 200).Intersect(CpuSet.Range(0, 3));
        Assert.True(cut == CpuSet.Range(0, 3));
        Assert.Equal(cut.GetHashCode(), CpuSet.Range(0, 3).GetHashCode());
        Assert.True(CpuSet.Range(0, 3).Intersect(CpuSet.Range(70, 80)) == CpuSet.Empty);
    }

    [Fact]
    public void The_kernels_empty_list_is_the_empty_set_and_rubbish_is_an_error()
    {
        Assert.True(CpuSet.FromKernel("", "f").IsEmpty);
        Assert.Throws<LinuxException>(() => CpuSet.FromKernel("x", "f"));
    }
}
