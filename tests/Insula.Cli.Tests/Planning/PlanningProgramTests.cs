using Insula.Engine.Containers;

namespace Insula.Cli.Tests.Planning;

/// <summary>What the planning tools do with what they are given, beside their tables.</summary>
public sealed class PlanningProgramTests : IDisposable
{
    private readonly CliFixture _cli = PlanningFixture.WithTwoContainers();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("vzcalc", "101")]
    [InlineData("vzmemcheck")]
    [InlineData("vzcpucheck")]
    [InlineData("vzoversell")]
    public void Beancounters_are_for_root(string program, params string[] arguments)
    {
        _cli.IsRoot = false;
        Assert.Equal(1, _cli.Run(program, arguments));
        Assert.StartsWith($"{program} must be run as root\n", _cli.Error, StringComparison.Ordinal);
        Assert.Equal("", _cli.Output);
    }

    [Theory]
    [InlineData("CT ID missing", "vzcalc")]
    [InlineData("Bad CT ID nobody", "vzcalc", "nobody")]
    [InlineData("Container config file does not exist", "vzcalc", "999")]
    [InlineData("CT 0 is the host itself", "vzcalc", "0")]
    [InlineData("Unexpected argument \"102\"", "vzcalc", "101", "102")]
    [InlineData("Unknown option --nothing", "vzmemcheck", "--nothing")]
    [InlineData("Bad value \"0\" for --number", "vzsplit", "-n", "0")]
    [InlineData("Bad value \"99999999999999999999\" for --number", "vzsplit", "-n", "99999999999999999999")]
    [InlineData("Bad value \"-1\" for --swap", "vzsplit", "-n", "1", "-s", "-1")]
    [InlineData("This host has not enough resources for 5000 containers", "vzsplit", "-n", "5000")]
    [InlineData("Bad value \"../x\" for the sample's name", "vzsplit", "-n", "2", "-f", "../x")]
    [InlineData("Bad number of containers \"\"", "vzsplit")]
    [InlineData("Nothing to do: no factor is given", "vzcfgscale", "x")]
    [InlineData("Bad value \"0\" for --all", "vzcfgscale", "-a", "0", "x")]
    [InlineData("Bad value \"-2\" for --cpu", "vzcfgscale", "-c", "-2", "x")]
    [InlineData("Bad value \"1e400\" for --ubc", "vzcfgscale", "-u", "1e400", "x")]
    [InlineData("Bad value \"NaN\" for --disk", "vzcfgscale", "-d", "NaN", "x")]
    [InlineData("Cannot open /nowhere/x: ENOENT", "vzcfgscale", "-a", "2", "/nowhere/x")]
    [InlineData("Could not find file '/nowhere/x'", "vzoversell", "/nowhere/x")]
    public void Bad_input_is_an_error_with_exit_code_1(string message, string program, params string[] arguments)
    {
        Assert.Equal(1, _cli.Run(program, arguments));
        Assert.Contains(message, _cli.Error, StringComparison.Ordinal);
        Assert.Equal("", _cli.Output);
    }

    [Theory]
    [InlineData("vzcalc")]
    [InlineData("vzcfgvalidate")]
    public void Help_and_version_need_nothing(string program)
    {
        _cli.RemoveGlobal();
        _cli.IsRoot = false;
        Assert.Equal(0, _cli.Run("insula", program, "--help"));
        Assert.StartsWith($"{program} version ", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run(program, "--version"));
    }

    [Fact]
    public void Without_vz_conf_there_are_no_containers_to_plan_for()
    {
        _cli.RemoveGlobal();
        Assert.Equal(1, _cli.Run("vzmemcheck"));
        Assert.StartsWith("The global configuration cannot be read", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Vzsplit_writes_a_sample_once()
    {
        Assert.Equal(0, _cli.Run("vzsplit", "-n", "4", "-f", "quarter"));
        var path = _cli["ve-quarter.conf-sample"];
        Assert.Equal($"Config {path} was created\n", _cli.Output);
        var text = File.ReadAllText(path);
        _cli.Run("vzsplit", "-n", "4");
        Assert.Equal(text, _cli.Output);
        Assert.Equal(1, _cli.Run("vzsplit", "-n", "2", "-f", "quarter"));
        Assert.StartsWith($"{path} exists already", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
        Assert.DoesNotContain(Directory.GetFiles(_cli[""]), file => file.Contains("quarter", StringComparison.Ordinal) && file != path);
    }

    [Fact]
    public void Vzsplit_asks_how_many()
    {
        _cli.Input = "4\n";
        Assert.Equal(0, _cli.Run("vzsplit", "-v", "no"));
        Assert.Equal("Enter the number of containers: ", _cli.Error);
        Assert.Contains("one of 4 equal containers", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_vzsplit_writes_by_beancounters_vzcfgvalidate_accepts()
    {
        _cli.Run("vzsplit", "-n", "20", "-v", "no", "-f", "twenty");
        Assert.Equal(0, _cli.Run("vzcfgvalidate", _cli["ve-twenty.conf-sample"]));
    }

    [Fact]
    public void Vzcfgscale_writes_another_file_and_keeps_what_was_there()
    {
        var target = _cli["ve-double.conf-sample"];
        Assert.Equal(0, _cli.Run("vzcfgscale", "-rv", "-a", "2", "-o", target, _cli["101.conf"]));
        Assert.Contains("NUMPROC 240 -> 480\n", _cli.Output, StringComparison.Ordinal);
        var text = File.ReadAllText(target);
        Assert.Contains("NUMPROC=\"480\"\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NAME=", text, StringComparison.Ordinal);
        Assert.False(File.Exists(target + ".bak"));
        Assert.Equal(0, _cli.Run("vzcfgscale", "-u", "0.5", "--json", target));
        Assert.Contains($"\"backup\": \"{target}.bak\"", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(target + ".bak"));
        Assert.Contains("NUMPROC=\"240\"\n", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Calls);
    }

    [Fact]
    public void Scaling_a_container_sets_its_parameters_through_the_engine()
    {
        var before = File.ReadAllText(_cli["102.conf"]);
        Assert.Equal(0, _cli.Run("vzcfgscale", "-u", "1.5", _cli["102.conf"]));
        Assert.Equal("set 102", _cli.Engine.Calls[0]);
        var request = (SetRequest)_cli.Engine.Calls[1];
        Assert.True(request.Save);
        Assert.Equal([new OptionValue("physpages", "0:393216"), new OptionValue("swappages", "0:786432")], request.Options);
        Assert.Equal(before, File.ReadAllText(_cli["102.conf.bak"]));
        Assert.Equal(before, File.ReadAllText(_cli["102.conf"]));
    }

    [Fact]
    public void A_rate_is_set_as_vzctl_does()
    {
        _cli.WriteContainer(103, "RATE=\"eth0:1:8\"\nMINE=1\n");
        Assert.Equal(0, _cli.Run("vzcfgscale", "-n", "2", _cli["103.conf"]));
        Assert.Equal("set 103", _cli.Engine.Calls[0]);
        Assert.Equal([new OptionValue("rate", "eth0:1:16")], ((SetRequest)_cli.Engine.Calls[1]).Options);
    }

    [Theory]
    [InlineData("-r would take from CT 101 what it needs", "-r", "-a", "2", "101.conf")]
    [InlineData("is the configuration of CT 102", "-a", "2", "-o", "102.conf", "101.conf")]
    public void A_container_is_not_made_a_sample_or_another_one(string message, params string[] arguments)
    {
        var before = File.ReadAllText(_cli["101.conf"]) + File.ReadAllText(_cli["102.conf"]);
        Assert.Equal(1, _cli.Run("vzcfgscale", [.. arguments.Select(word => word.EndsWith(".conf", StringComparison.Ordinal) ? _cli[word] : word)]));
        Assert.Contains(message, _cli.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_cli["101.conf"]) + File.ReadAllText(_cli["102.conf"]));
    }

    [Fact]
    public void Vzoversell_reads_a_copy_of_the_beancounters()
    {
        _cli.IsRoot = false;
        _cli.Input = """
            Version: 2.5
                   uid  resource                     held              maxheld              barrier                limit              failcnt
                   101: kmemsize                        1                    2                    3                    4                    0
                        physpages                     100                  200                    0                 1000                    0
                        dummy                           0                    0                    0                    0                    0
                        swappages                      10                   20                    0  9223372036854775807                    0
                     0: kmemsize                        1                    2                    3 18446744073709551615                    0

            """;
        Assert.Equal(0, _cli.Run("vzoversell", "-"));
        Assert.Contains("\n       101  400K  800K 3.91M     - 40.0K 80.0K     -     - u\n", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Version: 2.6\n")]
    [InlineData("Version: 2.5\n x: kmemsize 1 2 3 4 5\n")]
    [InlineData("Version: 2.5\n 1: kmemsize 1 2 3 4\n")]
    [InlineData("Version: 2.5\n 1: kmemsize 1 2 -3 4 5\n")]
    public void What_is_no_copy_of_beancounters_is_refused(string text)
    {
        _cli.Input = text;
        Assert.Equal(1, _cli.Run("vzoversell", "-"));
        Assert.StartsWith("standard input holds no beancounters: ", _cli.Error, StringComparison.Ordinal);
    }
}
