using CsCheck;
using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Beancounters;

public sealed class BoundTests
{
    [Theory]
    [InlineData(1720320, "4096 16384 1720320")]
    [InlineData(long.MaxValue, "4096 16384 4194304")]
    [InlineData(8192, "4096 8192 8192")]
    [InlineData(0, "4096 4096 4096")]
    public void No_socket_may_buffer_more_than_its_container(long bound, string expected)
        => Assert.Equal(expected, SocketBufferBound.Bounded("4096\t16384\t4194304\n", bound, "f"));

    [Fact]
    public void The_three_sizes_of_a_buffer_stay_in_order()
        => Gen.Select(Gen.Long[1, 1L << 40], Gen.Long[1, 1L << 40], Gen.Long[1, 1L << 40], Gen.Long[0, long.MaxValue]).Sample((a, b, c, bound) =>
        {
            long[] host = [a, b, c];
            Array.Sort(host);
            var set = SocketBufferBound.Bounded(string.Join('\t', host), bound, "f").Split(' ').Select(long.Parse).ToArray();
            Assert.Equal(set.Order(), set);
            Assert.True(set[2] <= Math.Max(bound, Math.Min(host[2], 4096)));
        });

    [Fact]
    public void What_is_no_size_names_the_file()
        => Assert.Contains("/proc/x", Assert.Throws<LinuxException>(() => SocketBufferBound.Bounded("a b c", 1, "/proc/x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1000000, 0)]
    [InlineData(100000, 1000000, -100)]
    [InlineData(1000000, 1000000, -999)]
    [InlineData(long.MaxValue, 1000000, -999)]
    [InlineData(999, 1000000, 0)]
    public void A_guarantee_takes_its_share_of_memory_off_the_points(long guarantee, long all, int expected)
        => Assert.Equal(expected, OomPreference.Adjustment(guarantee, all));

    [Fact]
    public void Nothing_of_a_container_is_ever_beyond_being_killed()
        => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[1, 1L << 40]).Sample((guarantee, all) =>
            Assert.InRange(OomPreference.Adjustment(guarantee, all), -999, 0));

    [Fact]
    public void Too_few_filter_rules_are_raised_to_what_makes_sense()
    {
        var notes = new List<string>();
        var value = BeancounterParameters.NumIptEnt.TypedKind.Parse("--numiptent", "4:20", new ParseContext { Note = notes.Add });
        Assert.Equal(new BarrierLimit(16, 20), value);
        Assert.Contains("raised to 16", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_for_a_restart_is_not_among_the_live_changes()
    {
        var changes = new ParameterChanges();
        changes.Set(BeancounterParameters.NumSigInfo, new BarrierLimit(5));
        changes.Set(BeancounterParameters.NumProc, new BarrierLimit(6));
        Assert.Equal([BeancounterParameters.NumProc], changes.Live().Changes.Select(change => change.Parameter));
    }
}
