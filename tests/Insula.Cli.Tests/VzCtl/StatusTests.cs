using Insula.Engine.Containers;

namespace Insula.Cli.Tests.VzCtl;

public sealed class StatusTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData(true, true, true, false, "CTID 101 exist mounted running\n")]
    [InlineData(true, false, false, false, "CTID 101 exist unmounted down\n")]
    [InlineData(true, true, false, false, "CTID 101 exist mounted down\n")]
    [InlineData(true, false, false, true, "CTID 101 exist unmounted down suspended\n")]
    [InlineData(true, true, true, true, "CTID 101 exist mounted running\n")]
    [InlineData(false, false, false, true, "CTID 101 deleted unmounted down\n")]
    public void The_line_is_exactly_what_scripts_parse(bool exists, bool mounted, bool running, bool suspended, string line)
    {
        _cli.Engine.Status = new ContainerStatus(exists, mounted, running, suspended);
        Assert.Equal(0, _cli.Run("vzctl", "status", "101"));
        Assert.Equal(line, _cli.Output);
    }

    [Fact]
    public void A_container_that_is_not_there_is_deleted_and_no_error()
    {
        Assert.Equal(0, _cli.Run("vzctl", "status", "999"));
        Assert.Equal("CTID 999 deleted unmounted down\n", _cli.Output);
    }

    [Fact]
    public void Quiet_does_not_silence_a_result()
    {
        _cli.Run("vzctl", "--quiet", "status", "101");
        Assert.Equal("CTID 101 exist mounted running\n", _cli.Output);
    }
}
