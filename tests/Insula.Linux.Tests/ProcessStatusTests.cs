using Insula.Linux.Processes;

namespace Insula.Linux.Tests;

public class ProcessStatusTests
{
    [Fact]
    public void The_start_time_is_found_behind_a_name_with_blanks_and_brackets()
        => Assert.Equal(98765UL, ProcessStatus.ParseStartTime("4711 (a ) (b) S 1 4711 4711 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 98765 1 2 3"));

    [Theory]
    [InlineData("")]
    [InlineData("4711 (x")]
    [InlineData("4711 (x) S 1")]
    [InlineData("4711 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 -5 1 2 3")]
    public void A_line_that_is_no_stat_line_has_no_start_time(string line) => Assert.Null(ProcessStatus.ParseStartTime(line));

    [Fact]
    public void Own_start_time_is_read() => Assert.NotNull(ProcessStatus.TryReadStartTime(Environment.ProcessId));

    [Fact]
    public void Pids_in_nested_namespaces_are_listed_from_the_outside_in()
        => Assert.Equal([4711, 1], ProcessStatus.ParseNamespacePids("Name:\tinit\nNStgid:\t4711\t1\nNSpid:\t4711\t1\nNSpgid:\t0\n"));
}
