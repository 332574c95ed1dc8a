using System.Text.Json;
using Insula.Engine.Beancounters;
using Insula.Engine.Containers;

namespace Insula.Cli.Tests.VzUbc;

public sealed class VzUbcTests : IDisposable
{
    private readonly CliFixture _cli = new();
    private readonly string _store = Directory.CreateTempSubdirectory("insula-vzubc-").FullName;

    public VzUbcTests()
    {
        _cli.WriteContainer(101, "", "web");
        _cli.Beancounters = [Of(0), Of(101), Of(202)];
    }

    public void Dispose()
    {
        _cli.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    [Fact]
    public void A_block_shows_short_numbers_and_how_close_they_are_to_the_bounds()
    {
        Assert.Equal(0, _cli.Run("/usr/sbin/vzubc", "101"));
        Assert.Equal(
            "---------------------------------------------------------------\n"
            + "CT 101       | HELD Bar% Lim%| MAXH Bar% Lim%| BAR | LIM | FAIL\n"
            + "-------------+---------------+---------------+-----+-----+-----\n"
            + "     kmemsize|2.60M  19%  18%|12.0M  88%  85%|13.7M|14.1M|    -\n"
            + "  privvmpages| 308K 0.1% 0.1%| 256M 100%  94%| 256M| 272M|    3\n"
            + "      numproc|   23 9.6% 9.6%|  240 100% 100%|  240|  240|    -\n"
            + "    physpages|1.92M    -    -|2.34M    -    -|    -|    -|    -\n",
            _cli.Output);
    }

    [Fact]
    public void What_has_no_barrier_is_shown_only_if_asked_or_refused()
    {
        _cli.Run("vzubc", "101");
        Assert.DoesNotContain("numfile", _cli.Output, StringComparison.Ordinal);
        _cli.Run("vzubc", "-v", "101");
        Assert.Contains("      numfile|    3    -    -|    3    -    -|    -|    -|    -\n", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "-q" }, "kmemsize privvmpages numproc")]
    [InlineData(new[] { "-q", "-qm", "1" }, "privvmpages numproc")]
    [InlineData(new[] { "-q", "-qh", "2", "-qm", "2" }, "privvmpages")]
    [InlineData(new[] { "-q", "-qh", "0.05", "-qm", "9" }, "kmemsize privvmpages numproc")]
    public void Quiet_shows_what_was_refused_or_is_close(string[] options, string expected)
    {
        Assert.Equal(0, _cli.Run("vzubc", [.. options, "101"]));
        Assert.Equal(expected, string.Join(' ', Rows()));
    }

    [Fact]
    public void Quiet_shows_nothing_at_all_of_a_container_without_trouble()
    {
        _cli.Beancounters = [Of(101, fails: 0, peak: 1)];
        Assert.Equal(0, _cli.Run("vzubc", "-q"));
        Assert.Equal("", _cli.Output);
    }

    [Fact]
    public void Names_and_numbers_choose_and_what_is_unknown_is_passed_over()
    {
        Assert.Equal(0, _cli.Run("vzubc", "web", "202", "303", "nobody"));
        Assert.Equal(["CT 101", "CT 202"], _cli.Output.Split('\n').Where(line => line.StartsWith("CT ", StringComparison.Ordinal)).Select(line => line[..6]));
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public void Relative_shows_refusals_since_the_last_look()
    {
        Assert.Equal(0, _cli.Run("vzubc", "-r", "-rd", _store, "101"));
        Assert.Contains("|+FAIL\n", _cli.Output, StringComparison.Ordinal);
        Assert.Equal("3", Cell("privvmpages", 5));
        _cli.Beancounters = [Of(101, fails: 5)];
        _cli.Run("vzubc", "-r", "-rd", _store, "101");
        Assert.Equal("2", Cell("privvmpages", 5));
        _cli.Beancounters = [Of(101, fails: 1)];
        _cli.Run("vzubc", "-r", "-rd", _store, "101");
        Assert.Equal("1", Cell("privvmpages", 5));
        _cli.Beancounters = [Of(101, fails: 4)];
        _cli.Run("vzubc", "-r", "-rc", "-rd", _store, "101");
        Assert.Equal("4", Cell("privvmpages", 5));
    }

    [Fact]
    public void Incremental_shows_how_held_has_changed()
    {
        _cli.Run("vzubc", "-i", "-id", _store, "101");
        _cli.Beancounters = [Of(101, held: 33)];
        _cli.Run("vzubc", "-i", "-id", _store, "101");
        Assert.Equal("+10", Cell("numproc", 3));
        _cli.Run("vzubc", "-q", "-i", "-id", _store, "-qh", "9", "-qm", "9", "101");
        Assert.Equal(["privvmpages"], Rows());
    }

    [Fact]
    public void A_store_that_is_a_link_is_not_followed()
    {
        var victim = Path.Combine(_store, "victim");
        File.WriteAllText(victim, BeancounterFile.Resources([]));
        File.CreateSymbolicLink(Path.Combine(_store, "ubc.failcnt"), victim);
        Assert.Equal(1, _cli.Run("vzubc", "-r", "-rd", _store));
        Assert.Contains("symbolic link", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(BeancounterFile.Resources([]), File.ReadAllText(victim));
    }

    [Fact]
    public void Colour_marks_refusals_and_what_is_close()
    {
        _cli.Run("vzubc", "-c", "101");
        Assert.Contains("\x1b[31;1m  privvmpages|", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("\x1b[33;1m     kmemsize|", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("\n    physpages|", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_or_standard_input_is_read_in_the_hosts_place_by_whoever_may_read_it()
    {
        _cli.IsRoot = false;
        _cli.Input = BeancounterFile.UserBeancounters([Of(7)]);
        Assert.Equal(0, _cli.Run("vzubc", "-f", "-"));
        Assert.Equal("23", Cell("numproc", 1, word: 0));
        var file = Path.Combine(_store, "ubc");
        File.WriteAllText(file, BeancounterFile.Resources([Of(7), Of(8)]));
        Assert.Equal(0, _cli.Run("vzubc", "-f", file, "8"));
        Assert.StartsWith("CT 8 ", _cli.Output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_kernels_files_are_printed_as_they_were()
    {
        _cli.Run("vzubc", "--proc", "101");
        Assert.Equal(BeancounterFile.UserBeancounters([Of(101)]), _cli.Output);
        _cli.Run("vzubc", "--resources");
        Assert.Equal(BeancounterFile.Resources([Of(0), Of(101), Of(202)]), _cli.Output);
    }

    [Fact]
    public void Json_holds_every_row_with_its_unit_and_mechanism()
    {
        Assert.Equal(0, _cli.Run("vzubc", "--json", "101"));
        using var json = JsonDocument.Parse(_cli.Output);
        var one = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(101, one.GetProperty("ctid").GetInt32());
        var rows = one.GetProperty("beancounters");
        Assert.Equal(BeancounterResources.All.Select(resource => resource.Name), rows.EnumerateObject().Select(row => row.Name));
        Assert.Equal(23, rows.GetProperty("numproc").GetProperty("held").GetInt64());
        Assert.Equal("items", rows.GetProperty("numproc").GetProperty("unit").GetString());
        Assert.Equal("exact", rows.GetProperty("numproc").GetProperty("mechanism").GetString());
        Assert.Equal(long.MaxValue, rows.GetProperty("numfile").GetProperty("limit").GetInt64());
    }

    [Fact]
    public void Mechanisms_are_a_line_each()
    {
        Assert.Equal(0, _cli.Run("vzubc", "--mechanisms"));
        Assert.StartsWith("RESOURCE     MECHANISM   BY\n", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("\nnumproc      exact       pids.max\n", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(BeancounterResources.All.Count + 1, _cli.Output.TrimEnd('\n').Split('\n').Length);
        _cli.Run("vzubc", "--mechanisms", "--json");
        using var json = JsonDocument.Parse(_cli.Output);
        Assert.Equal(BeancounterResources.All.Count, json.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("--nosuch")]
    [InlineData("-qh", "many")]
    [InlineData("-qm")]
    [InlineData("-c", "-w")]
    [InlineData("-w", "-wn", "0")]
    [InlineData("-f", "/nonexistent/file")]
    public void Whatever_is_wrong_is_told_and_the_code_is_1(params string[] arguments)
    {
        Assert.Equal(1, _cli.Run("vzubc", arguments));
        Assert.NotEmpty(_cli.Error);
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public void Only_root_may_look()
    {
        _cli.IsRoot = false;
        Assert.Equal(1, _cli.Run("vzubc"));
        Assert.Contains("root", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "-")]
    [InlineData(999, "999")]
    [InlineData(1000, "0.98K")]
    [InlineData(1023, "1.00K")]
    [InlineData(9312, "9.09K")]
    [InlineData(1048575, "1.00M")]
    [InlineData(1048576, "1.00M")]
    [InlineData(18350080, "17.5M")]
    [InlineData(long.MaxValue - 1, "8.00E")]
    [InlineData(long.MaxValue, "-")]
    public void Numbers_are_short(long value, string expected) => Assert.Equal(expected, Insula.Cli.VzUbc.ShortNumber.Of(value));

    [Fact]
    public void Numbers_are_never_longer_than_their_column()
        => CsCheck.Check.Sample(CsCheck.Gen.Long[0, long.MaxValue], value => Assert.InRange(Insula.Cli.VzUbc.ShortNumber.Of(value).Length, 1, 5));

    [Fact]
    public void Watching_draws_anew_and_marks_what_has_changed()
    {
        using var output = new StringWriter();
        var texts = new Queue<string>(["a 1\n", "a 2\n"]);
        new Insula.Cli.VzUbc.UbcWatch(output, TimeSpan.Zero, "title", differences: true).Run(texts.Dequeue, times: 2);
        Assert.Equal("\x1b[H\x1b[Jtitle\n\na 1\n\n\x1b[H\x1b[Jtitle\n\na \x1b[7m2\x1b[0m\n\n", output.ToString());
    }

    private IEnumerable<string> Rows() => _cli.Output.Split('\n').Where(line => line.Contains('|', StringComparison.Ordinal) && !line.StartsWith("CT ", StringComparison.Ordinal))
        .Select(line => line.Split('|')[0].Trim());

    private string Cell(string resource, int column, int? word = null)
    {
        var cell = _cli.Output.Split('\n').First(line => line.TrimStart().StartsWith(resource + "|", StringComparison.Ordinal)).Split('|')[column].Trim();
        return word is { } index ? cell.Split(' ')[index] : cell;
    }

    private static Beancounter Of(int ctid, long fails = 3, long held = 23, long peak = 65536) => new(
        new Ctid(ctid),
        [
            .. BeancounterResources.All.Select(resource => resource.Name switch
            {
                "kmemsize" => new BeancounterReading(resource, 2729041, peak == 1 ? 1 : 12582912, 14372700, 14790164, 0),
                "privvmpages" => new BeancounterReading(resource, 77, peak, 65536, 69632, fails),
                "numproc" => new BeancounterReading(resource, held, peak == 1 ? held : 240, 240, 240, 0),
                "physpages" => new BeancounterReading(resource, 491, 600, 0, long.MaxValue, 0),
                _ => new BeancounterReading(resource, 3, 3, long.MaxValue, long.MaxValue, 0),
            }),
        ]);
}
