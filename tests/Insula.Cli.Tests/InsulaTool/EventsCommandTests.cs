using System.Text;
using Insula.Engine.Containers;
using Insula.Engine.Watching;

namespace Insula.Cli.Tests.InsulaTool;

public sealed class EventsCommandTests : IDisposable
{
    private static readonly ContainerEvent Crash = new(new DateTime(2026, 11, 28, 5, 4, 18, 123, DateTimeKind.Utc), new Ctid(101), EventKind.Crash, "signal 11 (SEGV)");

    private readonly CliFixture _cli = new();

    public EventsCommandTests()
    {
        _cli.Engine.Events.Add(new StreamedEvent(null, """{"insula":1,"notice":"lost","missed":3}""", 3));
        _cli.Engine.Events.Add(new StreamedEvent(Crash, Encoding.UTF8.GetString(Crash.ToLine(13)).TrimEnd(), 0));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Events_are_lines_for_people()
    {
        Assert.Equal(0, _cli.Run("insula", "events", "--since", "10", "102", "101"));
        Assert.Equal("events 10 of 101,102 for 0", _cli.Engine.Calls[0]);
        Assert.Equal("(3 earlier events are not there any more)\n2026-11-28T05:04:18.123Z CT 101 crash: signal 11 (SEGV)\n", _cli.Output);
    }

    [Fact]
    public void As_json_they_are_what_the_daemon_sent()
    {
        Assert.Equal(0, _cli.Run("insula", "events", "--json"));
        Assert.Equal(
            """{"insula":1,"notice":"lost","missed":3}""" + "\n"
            + """{"seq":13,"time":"2026-11-28T05:04:18.123Z","ctid":101,"kind":"crash","detail":"signal 11 (SEGV)"}""" + "\n",
            _cli.Output);
    }

    [Theory]
    [InlineData("0", "events  of  for 0")]
    [InlineData("101", "events  of 101 for 0")]
    public void Vzctl_monitor_shows_one_container_or_all(string container, string call)
    {
        Assert.Equal(0, _cli.Run("vzctl", "monitor", container));
        Assert.Equal(call, _cli.Engine.Calls[0]);
        Assert.Contains("CT 101 crash: signal 11 (SEGV)", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        Assert.Equal(21, _cli.Run("insula", "events", "--since", "-1"));
        Assert.StartsWith("Bad event number \"-1\"", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Calls);
    }
}
