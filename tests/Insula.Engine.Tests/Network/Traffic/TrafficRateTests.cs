using Insula.Engine.Network.Traffic;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Tests.Network.Traffic;

public class TrafficRateTests
{
    private static readonly RateListKind Kind = new();

    private static IReadOnlyList<TrafficRate> Parse(string text) => Kind.Parse("--rate", text, ParseContext.Default);

    [Theory]
    [InlineData("*:1:1000", "*:1:1000")]
    [InlineData("eth0:1:8 eth1:15:1000000000", "eth0:1:8 eth1:15:1000000000")]
    [InlineData("eth0:1:8,eth0:2:9", "eth0:1:8 eth0:2:9")]
    [InlineData("*:1:1000:2000", "*:1:1000:2000")]
    [InlineData("*:1:0:2000", "*:1:0:2000")]
    [InlineData("*:1:1000:0", "*:1:1000")]
    [InlineData("*:1:5 *:1:6", "*:1:6")]
    [InlineData("*:1:0", "")]
    [InlineData("none", "")]
    public void Entries_are_read_and_written(string text, string stored) => Assert.Equal(stored, Kind.Format(Parse(text)));

    [Theory]
    [InlineData("*:1:1000", "*:2:5", "*:1:1000 *:2:5")]
    [InlineData("*:1:1000", "*:1:5:6", "*:1:5:6")]
    [InlineData("*:1:1000 eth0:1:7", "*:1:0", "eth0:1:7")]
    [InlineData("*:1:1000", "none", "")]
    [InlineData("none", "*:1:1000", "*:1:1000")]
    public void What_is_asked_for_goes_over_what_there_is(string old, string added, string result)
        => Assert.Equal(result, Kind.Format(Kind.Merge(Parse(old), Parse(added))));

    [Fact]
    public void None_takes_away_all_also_before_others()
        => Assert.Equal("eth0:2:5", Kind.Format(Kind.Merge(Parse("*:1:1000"), Kind.Merge(Parse("none"), Parse("eth0:2:5")))));

    [Theory]
    [InlineData("1000")]
    [InlineData("1:1000")]
    [InlineData("eth0:16:1000")]
    [InlineData("eth0:x:1000")]
    [InlineData("eth0:1:")]
    [InlineData("eth0:1:1000000001")]
    [InlineData("eth0:1:-5")]
    [InlineData("eth0:1:1:2:3")]
    [InlineData(":1:1000")]
    [InlineData("eth$0:1:1000")]
    [InlineData("eth0_is_too_long_:1:1000")]
    [InlineData("*:1:1000 nonsense")]
    public void What_is_no_rate_is_refused(string text)
    {
        var error = Assert.Throws<InsulaException>(() => Parse(text));
        Assert.Equal(ExitCode.BadValue, error.Code);
    }
}
