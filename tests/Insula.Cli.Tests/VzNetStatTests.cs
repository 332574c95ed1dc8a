using System.Text.Json;

namespace Insula.Cli.Tests;

public sealed class VzNetStatTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Run(params string[] arguments)
    {
        var code = _cli.Run("vznetstat", arguments);
        Assert.True(code == 0, _cli.Error);
        return _cli.Output;
    }

    [Fact]
    public void The_table_is_that_of_old_scripts_with_known_classes_and_those_that_had_traffic()
        => Assert.Equal(
            """
            CTID    Net.Class     Input(bytes) Input(pkts)        Output(bytes) Output(pkts)
            101        0                     0           0                    0           0
            101        1            5000000000     4000000                 3700          37
            101        2                     0           0                    0           0
            101        5                     0           0                    0           0
            101        9                    48           1                    0           0
            102        0                     0           0                    0           0
            102        1                     0           0                    0           0
            102        2                     0           0                    0           0
            102        5                     0           0                    0           0

            """, Run());

    [Theory]
    [InlineData("101        1                     4G    4000000                    3K         37", "-r")]
    [InlineData("101        1            5000000000     4000000                 3000          30", "-4")]
    [InlineData("101        1                     0           0                  700           7", "-6")]
    [InlineData("101        15                    0           0                    0           0", "-a")]
    [InlineData("101        9                    48           1                    0           0", "-v", "web", "-c9")]
    public void Options_choose_family_class_and_unit(string line, params string[] arguments) => Assert.Contains($"\n{line}\n", Run(arguments));

    [Fact]
    public void Only_what_is_asked_for_is_shown()
    {
        Assert.Equal(3, Run("-v", "101", "-c", "1", "-c", "2").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("102 ", Run("-v", "101"));
        Assert.DoesNotContain(" 5 ", Run("-4", "-v", "102"));
    }

    [Fact]
    public void Json_has_both_families_apart()
    {
        using var json = JsonDocument.Parse(Run("--json", "-v", "101", "-c", "1"));
        var row = json.RootElement[0].GetProperty("classes")[0];
        Assert.Equal(101, json.RootElement[0].GetProperty("ctid").GetInt32());
        Assert.Equal(5_000_000_000, row.GetProperty("ipv4").GetProperty("in").GetProperty("bytes").GetInt64());
        Assert.Equal(7, row.GetProperty("ipv6").GetProperty("out").GetProperty("packets").GetInt64());
    }

    [Theory]
    [InlineData(21, "-c", "16")]
    [InlineData(21, "-c", "x")]
    [InlineData(21, "-v", "nobody")]
    [InlineData(20, "101")]
    [InlineData(20, "-x")]
    public void What_is_wrong_is_refused(int code, params string[] arguments) => Assert.Equal(code, _cli.Run("vznetstat", arguments));

    [Theory]
    [InlineData("load ", "class_load")]
    [InlineData("load /tmp/classes", "class_load", "/tmp/classes")]
    [InlineData("unload", "class_unload")]
    [InlineData("reset 101", "reset_ve_stat", "web")]
    [InlineData("reset ", "reset_all_stat")]
    public void Commands_of_vztactl_do_what_they_say(string call, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("vztactl", arguments));
        Assert.Equal([call], _cli.Traffic.Calls);
    }

    [Fact]
    public void Vztactl_lists_classes_as_the_file_has_them()
    {
        Assert.Equal(0, _cli.Run("vztactl", "class_list"));
        Assert.Equal("1 0.0.0.0/0\n2 192.0.2.0/24\n5 2001:db8::/32\n", _cli.Output);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(20, "reset_ve_stat")]
    [InlineData(20, "frobnicate")]
    [InlineData(20, "class_list", "x")]
    [InlineData(21, "reset_ve_stat", "nobody")]
    public void Vztactl_refuses_what_it_does_not_know(int code, params string[] arguments)
    {
        Assert.Equal(code, _cli.Run("vztactl", arguments));
        Assert.Empty(_cli.Traffic.Calls);
    }

    [Theory]
    [InlineData("vznetstat")]
    [InlineData("vztactl", "class_list")]
    public void Who_is_not_root_is_told_so(string program, params string[] arguments)
    {
        _cli.IsRoot = false;
        Assert.Equal(12, _cli.Run(program, arguments));
    }
}
