using CsCheck;
using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Watching;

public class RestartPolicyTests
{
    private static readonly ContainerEnd Reboot = ContainerEnd.Of(new ExitStatus(1));
    private static readonly ContainerEnd PowerOff = ContainerEnd.Of(new ExitStatus(2));
    private static readonly ContainerEnd Crash = ContainerEnd.Of(new ExitStatus(11));
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_reboot_after_a_long_time_starts_at_once_and_clears_the_count()
        => Assert.Equal(new RestartPolicy(true, TimeSpan.Zero, 0), RestartPolicy.Decide(Reboot, Long, 7, afterCrash: false));

    [Fact]
    public void Each_quick_end_but_the_first_doubles_the_pause_up_to_five_minutes()
    {
        var delays = new List<double>();
        var quick = 0;
        for (var i = 0; i < 12; i++)
        {
            var policy = RestartPolicy.Decide(Reboot, Short, quick, afterCrash: false);
            quick = policy.QuickEnds;
            delays.Add(policy.Delay.TotalSeconds);
        }
        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], delays);
    }

    [Fact]
    public void What_was_switched_off_stays_off()
        => Assert.False(RestartPolicy.Decide(PowerOff, Long, 0, afterCrash: true).Restarts);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_starts_again_only_if_the_configuration_says_so(bool afterCrash)
        => Assert.Equal(afterCrash, RestartPolicy.Decide(Crash, Long, 0, afterCrash).Restarts);

    [Fact]
    public void What_ended_in_an_unknown_way_stays_stopped()
        => Assert.False(RestartPolicy.Decide(ContainerEnd.Of(null), Long, 0, afterCrash: true).Restarts);

    [Fact]
    public void Whatever_was_remembered_the_pause_has_its_bounds()
        => Gen.Select(Gen.Int, Gen.Double[0, 1e6]).Sample((before, ran) =>
        {
            var policy = RestartPolicy.Decide(Reboot, TimeSpan.FromSeconds(ran), before, afterCrash: false);
            return policy.Delay >= TimeSpan.Zero && policy.Delay <= RestartPolicy.LongestDelay && policy.QuickEnds is >= 0 and <= 32;
        });
}
