using CsCheck;
using Insula.Engine.Beancounters;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Beancounters;

public sealed class BeancounterFileTests
{
    private static readonly Gen<long> Number = Gen.Frequency((6, Gen.Long[0, long.MaxValue]), (2, Gen.Const(0L)), (1, Gen.Const(long.MaxValue)));

    private static readonly Gen<Beancounter> Any =
        from ctid in Gen.Int[0, Ctid.MaxValue]
        from figures in Number.Array[BeancounterResources.All.Count * 5]
        select new Beancounter(new Ctid(ctid), [.. BeancounterResources.All.Select((resource, i) => new BeancounterReading(
            resource, figures[i * 5], figures[(i * 5) + 1], figures[(i * 5) + 2], figures[(i * 5) + 3], figures[(i * 5) + 4]))]);

    /// <summary>Held is the row's number, so that a misplaced row shows; the other figures are the extremes of what a column must hold.</summary>
    private static Beancounter Sample(int ctid) => new(
        new Ctid(ctid),
        [.. BeancounterResources.All.Select(resource => new BeancounterReading(resource, resource.Number, 1234567, 0, long.MaxValue, 7))]);

    [Fact]
    public void The_file_of_all_has_the_old_kernels_layout()
        => Assert.Equal(Golden("user_beancounters"), BeancounterFile.UserBeancounters([Sample(0), Sample(101)]));

    [Fact]
    public void The_file_of_resources_has_swap_and_no_dummies()
        => Assert.Equal(Golden("resources"), BeancounterFile.Resources([Sample(0), Sample(101)]));

    [Fact]
    public void The_file_of_one_container_has_rows_alone()
        => Assert.Equal(Golden("resources-of-one"), BeancounterFile.ResourcesOf(Sample(101)));

    [Fact]
    public void What_is_written_is_read_back()
        => Any.Array[0, 5].Where(all => all.Select(beancounter => beancounter.Ctid).Distinct().Count() == all.Length).Sample(all =>
        {
            var read = BeancounterFileParser.Parse(BeancounterFile.Resources(all), "f");
            Assert.Equal(all.Length, read.Count);
            foreach (var (before, after) in all.Zip(read))
            {
                Assert.Equal(before.Ctid, after.Ctid);
                Assert.Equal(before.Rows, after.Rows);
            }
        });

    [Fact]
    public void What_is_written_as_user_beancounters_is_read_back_without_swap()
        => Any.Sample(one =>
        {
            var read = Assert.Single(BeancounterFileParser.Parse(BeancounterFile.UserBeancounters([one]), "f"));
            Assert.Equal(one.Rows.Where(row => row.Resource != BeancounterResources.Swap), read.Rows);
        });

    [Fact]
    public void Every_line_has_the_columns_that_programs_cut_at()
        => Any.Sample(one =>
        {
            var lines = BeancounterFile.UserBeancounters([one]).TrimEnd('\n').Split('\n');
            Assert.Equal(26, lines.Length);
            for (var i = 2; i < lines.Length; i++)
            {
                Assert.Equal(i == 2 ? ':' : ' ', lines[i][10]);
                Assert.Equal(129, lines[i].Length);
                Assert.Equal(i == 2 ? 7 : 6, lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
            }
        });

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Version: 3.0\n", "version")]
    [InlineData("Version: 2.5\n 101: kmemsize 1 2 3 4\n", "row")]
    [InlineData("Version: 2.5\n 101: kmemsize 1 2 3 4 x\n", "no number")]
    [InlineData("Version: 2.5\n x: kmemsize 1 2 3 4 5\n", "container")]
    public void What_is_no_such_file_is_refused_with_the_reason(string text, string reason)
    {
        var error = Assert.Throws<InsulaException>(() => BeancounterFileParser.Parse(text, "some file"));
        Assert.Contains("some file", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadValue, error.Code);
    }

    [Fact]
    public void A_file_of_another_kernel_is_read_as_far_as_its_resources_are_known()
    {
        const string text = """
            Version: 2.5
                   uid  resource                     held              maxheld              barrier                limit              failcnt
                   101: kmemsize                        1                    2                    3                    4                    5
                        newthing                        1                    2                    3                    4                    5
                        dummy                           0                    0                    0                    0                    0
                        numproc                         6                    7                    8 18446744073709551615                    9
            """;
        var read = Assert.Single(BeancounterFileParser.Parse(text, "f"));
        Assert.Equal(["kmemsize", "numproc"], read.Rows.Select(row => row.Resource.Name));
        Assert.Equal(new BeancounterReading(BeancounterResources.Processes, 6, 7, 8, long.MaxValue, 9), read.Rows[1]);
    }

    [Fact]
    public void The_numbers_of_resources_are_the_old_kernels()
        => Assert.Equal(
            "0 kmemsize, 1 lockedpages, 2 privvmpages, 3 shmpages, 5 numproc, 6 physpages, 7 vmguarpages, 8 oomguarpages, 9 numtcpsock, 10 numflock, "
            + "11 numpty, 12 numsiginfo, 13 tcpsndbuf, 14 tcprcvbuf, 15 othersockbuf, 16 dgramrcvbuf, 17 numothersock, 18 dcachesize, 19 numfile, "
            + "23 numiptent, 24 swappages",
            string.Join(", ", BeancounterResources.All.Select(resource => $"{resource.Number} {resource.Name}")));

    private static string Golden(string name) => File.ReadAllText(Path.Combine(House.Repository.Root, $"tests/Insula.Engine.Tests/Beancounters/Golden/{name}"));
}
