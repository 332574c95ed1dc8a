using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Watching;

public class ContainerEndTests
{
    [Theory]
    [InlineData(1, EndKind.Reboot, "")]
    [InlineData(2, EndKind.PowerOff, "")]
    [InlineData(0, EndKind.Exit, "")]
    [InlineData(3 << 8, EndKind.Crash, "exit code 3")]
    [InlineData(9, EndKind.Crash, "signal 9 (KILL)")]
    [InlineData(11 | 0x80, EndKind.Crash, "signal 11 (SEGV)")]
    [InlineData(34, EndKind.Crash, "signal 34")]
    public void A_status_tells_what_ended_the_container(int raw, EndKind kind, string detail)
    {
        var end = ContainerEnd.Of(new ExitStatus(raw));
        Assert.Equal((kind, detail), (end.Kind, end.Detail));
    }

    [Fact]
    public void Without_a_status_it_is_unknown()
        => Assert.Equal((EndKind.Unknown, EventKind.Ended), (ContainerEnd.Of(null).Kind, ContainerEnd.Of(null).Event));
}
