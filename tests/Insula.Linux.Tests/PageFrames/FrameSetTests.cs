using CsCheck;
using Insula.Linux.PageFrames;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.PageFrames;

public sealed class FrameSetTests
{
    [Fact]
    public void A_set_holds_each_frame_once_in_order()
        => Gen.Long[0, 20_000_000].HashSet[0, 300].Array.Select(sets => sets.SelectMany(set => set).ToList()).Sample(frames =>
        {
            var bitmap = new FrameBitmap();
            foreach (var frame in frames)
                bitmap.Add(frame);
            var set = bitmap.Take();
            Assert.Equal(frames.Distinct().Order(), All(set));
            Assert.Equal(frames.Distinct().Count(), set.Count);
            Assert.True(frames.Count == 0 || set.End > frames.Max());
            Assert.Empty(All(bitmap.Take()));
        });

    [Fact]
    public void Many_frames_are_kept_as_bits_and_tell_the_same()
    {
        var bitmap = new FrameBitmap();
        for (var frame = 5L; frame < 500_000; frame += 3)
            bitmap.Add(frame);
        var set = bitmap.Take();
        var visited = new List<long>();
        set.Visit(1000, 1100, visited.Add);
        Assert.Equal(Enumerable.Range(0, 34).Select(i => 1001L + 3 * i).Where(frame => frame < 1100), visited);
        Assert.Equal(set.Count, All(set).Count);
    }

    [Theory]
    [InlineData(0, 10, new long[] { 3, 7 })]
    [InlineData(3, 7, new long[] { 3 })]
    [InlineData(4, 4, new long[0])]
    [InlineData(8, 100, new long[] { 99 })]
    [InlineData(1L << 40, 1L << 41, new long[0])]
    public void A_part_of_a_set_is_visited(long from, long end, long[] expected)
    {
        var visited = new List<long>();
        FrameSet.OfSorted([3, 7, 99]).Visit(from, end, visited.Add);
        Assert.Equal(expected, visited);
    }

    [Fact]
    public void The_last_frame_of_16_TiB_fits_and_the_next_does_not()
    {
        Assert.Equal(Errno.EOVERFLOW, Assert.Throws<LinuxException>(() => new FrameBitmap().Add(1L << 32)).Errno);
        Assert.Equal(uint.MaxValue + 1L, FrameSet.OfSorted([uint.MaxValue]).End);
        Assert.Equal(0, FrameSet.OfSorted([]).End);
    }

    [Fact]
    public void The_kernels_own_sums_are_read()
        => Assert.Equal(
            new ResidentMemory(1234 * 1024, 56 * 1024),
            ResidentMemory.Parse("00400000-7ffe3a1fe000 ---p 00000000 00:00 0    [rollup]\nRss:                1234 kB\nPss:                  56 kB\nPss_Dirty:            7 kB\n"));

    private static List<long> All(FrameSet set)
    {
        var frames = new List<long>();
        set.Visit(0, long.MaxValue, frames.Add);
        return frames;
    }
}
