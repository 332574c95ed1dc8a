using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Cli.Tests.Planning;

public sealed class VzCfgValidateTests : IDisposable
{
    private static readonly string Wrong = PlanningFixture.Basic
        .Replace("NUMPTY=\"16\"", "NUMPTY=\"1:2\"", StringComparison.Ordinal)
        .Replace("SHMPAGES=\"21504:21504\"", "SHMPAGES=\"5:6\"", StringComparison.Ordinal)
        .Replace("DGRAMRCVBUF=\"262144:262144\"", "DGRAMRCVBUF=\"40000:40000\"", StringComparison.Ordinal);

    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_valid_file_is_a_success()
    {
        _cli.IsRoot = false;
        Assert.Equal(0, Validate(PlanningFixture.Basic));
        Assert.Equal("Validation completed: success\n", _cli.Output);
        Assert.Equal("", _cli.Error);
    }

    [Fact]
    public void A_recommendation_does_not_make_it_invalid()
    {
        Assert.Equal(0, Validate(PlanningFixture.Basic.Replace("DGRAMRCVBUF=\"262144:262144\"", "DGRAMRCVBUF=\"40000:40000\"", StringComparison.Ordinal)));
        Assert.StartsWith("Recommendation: barrier should be at least 129 KiB for dgramrcvbuf", _cli.Error, StringComparison.Ordinal);
        Assert.Equal("Validation completed: success\n", _cli.Output);
    }

    [Fact]
    public void Repair_changes_what_is_wrong_and_nothing_else()
    {
        Assert.Equal(0, Validate(Wrong, "-r"));
        Assert.Equal("Validation completed: success\n", _cli.Output);
        Assert.Equal(
            Wrong.Replace("\"1:2\"", "\"2\"", StringComparison.Ordinal).Replace("\"5:6\"", "\"6:6\"", StringComparison.Ordinal),
            File.ReadAllText(_cli["101.conf"]));
    }

    [Fact]
    public void Without_repair_nothing_is_written()
    {
        Assert.Equal(2, Validate(Wrong));
        Assert.Equal(Wrong, File.ReadAllText(_cli["101.conf"]));
    }

    [Fact]
    public void Interactive_repair_asks_for_each()
    {
        _cli.Input = "y\nn\ny\n";
        Assert.Equal(2, Validate(Wrong, "-i"));
        Assert.Equal("Set SHMPAGES to 6? (y/n) Set NUMPTY to 2? (y/n) Set DGRAMRCVBUF to 132096? (y/n) ", _cli.Output);
        var text = File.ReadAllText(_cli["101.conf"]);
        Assert.Contains("SHMPAGES=\"6:6\"", text, StringComparison.Ordinal);
        Assert.Contains("NUMPTY=\"1:2\"", text, StringComparison.Ordinal);
        Assert.Contains("DGRAMRCVBUF=\"132096:132096\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_answer_is_no()
    {
        Assert.Equal(2, Validate(Wrong, "-i"));
        Assert.Equal(Wrong, File.ReadAllText(_cli["101.conf"]));
    }

    [Fact]
    public void What_cannot_be_repaired_stays_invalid()
    {
        Assert.Equal(2, Validate(Wrong.Replace("NUMPROC=\"240\"\n", "", StringComparison.Ordinal), "-r"));
        Assert.Contains("Error: numproc is not set\n", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("success", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_somebody_changes_is_not_repaired()
    {
        _cli.WriteContainer(101, Wrong);
        using var held = ContainerLock.Take(GlobalConfig.Load(_cli[".."]).Layout, new Ctid(101), "testing");
        Assert.Equal(1, _cli.Run("vzcfgvalidate", "-r", _cli["101.conf"]));
        Assert.StartsWith("Container already locked", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(Wrong, File.ReadAllText(_cli["101.conf"]));
        Assert.Equal(2, _cli.Run("vzcfgvalidate", _cli["101.conf"]));
    }

    [Theory]
    [InlineData("No file is named")]
    [InlineData("Cannot open /nowhere/101.conf: ENOENT", "/nowhere/101.conf")]
    [InlineData("Bad value \"maybe\" for --vswap", "-v", "maybe", "x")]
    [InlineData("-i goes with neither -r nor --json", "-ri", "x")]
    [InlineData("-i goes with neither -r nor --json", "-i", "--json", "x")]
    [InlineData("Unexpected argument \"y\"", "x", "y")]
    [InlineData("Unknown option -z", "-z")]
    public void What_cannot_be_checked_is_told(string message, params string[] arguments)
    {
        Assert.Equal(1, _cli.Run("vzcfgvalidate", arguments));
        Assert.StartsWith(message, _cli.Error, StringComparison.Ordinal);
        Assert.Equal("", _cli.Output);
    }

    [Fact]
    public void A_file_can_be_checked_without_vz_conf()
    {
        _cli.RemoveGlobal();
        Assert.Equal(0, Validate(PlanningFixture.Basic));
    }

    [Fact]
    public void A_hostile_line_cannot_forge_another()
    {
        Assert.Equal(2, Validate(PlanningFixture.Basic + "ONBOOT=\"\u001b[2Jyes\"\n"));
        Assert.DoesNotContain('\u001b', _cli.Error);
    }

    private int Validate(string text, params string[] options)
    {
        _cli.WriteContainer(101, text);
        return _cli.Run("vzcfgvalidate", [.. options, _cli["101.conf"]]);
    }
}
