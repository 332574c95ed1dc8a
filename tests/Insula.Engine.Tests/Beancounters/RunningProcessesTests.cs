using Insula.Engine.Beancounters.Bounds;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Beancounters;

public sealed class RunningProcessesTests
{
    private static readonly LimitPair InForce = new(1024, 4096);

    [Fact]
    public void A_process_with_the_bound_in_force_gets_the_new_one_with_the_soft_limit_it_chose()
    {
        Assert.Equal(new LimitPair(1024, 8192), RunningProcesses.Changed(new(1024, 4096), InForce, new(1024, 8192)));
        Assert.Equal(new LimitPair(1024, 2048), RunningProcesses.Changed(new(1024, 4096), InForce, new(1024, 2048)));
        Assert.Equal(new LimitPair(512, 512), RunningProcesses.Changed(new(1024, 4096), InForce, new(512, 512)));
    }

    [Fact]
    public void A_process_that_uses_all_it_may_goes_on_doing_so()
        => Assert.Equal(new LimitPair(8192, 8192), RunningProcesses.Changed(new(4096, 4096), new(4096, 4096), new(8192, 8192)));

    [Fact]
    public void A_process_that_lowered_its_limit_itself_is_not_raised()
        => Assert.Null(RunningProcesses.Changed(new(1024, 2048), InForce, new(1024, 8192)));

    [Fact]
    public void A_process_that_lowered_its_limit_is_held_to_a_lower_bound_all_the_same()
        => Assert.Equal(new LimitPair(1024, 1024), RunningProcesses.Changed(new(2048, 2048), InForce, new(1024, 1024)));

    [Fact]
    public void What_has_the_bound_already_stays_as_it_is() => Assert.Null(RunningProcesses.Changed(new(10, 4096), InForce, new(1024, 4096)));
}
