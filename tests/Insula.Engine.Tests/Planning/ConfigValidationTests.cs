using CsCheck;
using Insula.Engine.Parameters;
using Insula.Engine.Planning.Validation;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;
using static Insula.Engine.Parameters.Catalog.DiskParameters;

namespace Insula.Engine.Tests.Planning;

public sealed class ConfigValidationTests
{
    private static readonly string Basic = Accounts.Packaged("basic");

    [Theory]
    [InlineData("basic")]
    [InlineData("light")]
    [InlineData("vswap-256m")]
    [InlineData("vswap-512m")]
    [InlineData("vswap-1g")]
    [InlineData("vswap-2g")]
    public void Packaged_samples_are_valid(string sample) => Assert.Empty(Check(Accounts.Packaged(sample)).Findings);

    [Theory]
    [InlineData("NUMPROC=240:250", "Error: barrier should be equal to limit for numproc (currently, 240:250)", "250")]
    [InlineData("NUMIPTENT=130:128", "Error: barrier should be equal to limit for numiptent (currently, 130:128)", "130")]
    [InlineData("SHMPAGES=1:2", "Error: barrier should be equal to limit for shmpages (currently, 1:2)", "2:2")]
    [InlineData("LOCKEDPAGES=9:8", "Error: barrier should be less than or equal to limit for lockedpages (currently, 9:8)", "9:9")]
    [InlineData("NUMFLOCK=200:100", "Error: barrier should be less than or equal to limit for numflock (currently, 200:100)", "200")]
    [InlineData("DISKSPACE=20:10", "Error: barrier should be less than or equal to limit for diskspace (currently, 20:10)", "20:20")]
    [InlineData("VMGUARPAGES=33792:40000", "Error: limit should be unlimited for vmguarpages (currently, 33792:40000)", "33792:9223372036854775807")]
    [InlineData("OOMGUARPAGES=1:2", "Error: limit should be unlimited for oomguarpages (currently, 1:2)", "1:9223372036854775807")]
    [InlineData("PHYSPAGES=5:unlimited", "Error: barrier should be 0 for physpages (currently, 5:unlimited)", "0:9223372036854775807")]
    [InlineData("TCPSNDBUF=1720320:1720321", "Error: tcpsndbuf.lim - tcpsndbuf.bar should be at least 2.5 KiB * numtcpsock = 921600 (currently, 1720320:1720321)", "1720320:2641920")]
    [InlineData("OTHERSOCKBUF=200000:300000", "Error: othersockbuf.lim - othersockbuf.bar should be at least 2.5 KiB * numothersock = 921600 (currently, 200000:300000)", "200000:1121600")]
    [InlineData("TCPRCVBUF=100000:100000", "Warning: tcprcvbuf.lim - tcprcvbuf.bar should be at least 2.5 KiB * numtcpsock = 921600 (currently, 100000:100000)", "100000:1021600")]
    [InlineData("TCPRCVBUF=1:1000000", "Warning: barrier should be at least 64 KiB for tcprcvbuf (currently, 1:1000000)", "65536:1065535")]
    [InlineData("DGRAMRCVBUF=65536", "Recommendation: barrier should be at least 129 KiB for dgramrcvbuf (currently, 65536:65536)", "132096:132096")]
    [InlineData("NUMFILE=100", "Warning: numfile.bar should be at least 32 * avnumproc = 5760 (currently, 100:100)", null)]
    [InlineData("DCACHESIZE=100:200", "Warning: dcachesize.lim should be at least 384 * numfile = 3575808 (currently, 100:200)", "100:3575808")]
    [InlineData("KMEMSIZE=1000:2000", "Error: kmemsize.bar should be at least 40 KiB * avnumproc + dcachesize.lim = 10997760 (currently, 1000:2000)", "10997760:10998760")]
    [InlineData("PRIVVMPAGES=1000:1100", "Warning: privvmpages.bar should be at least vmguarpages.bar = 33792 (currently, 1000:1100)", "33792:33792")]
    public void Each_rule_says_what_is_wrong_and_what_would_be_right(string line, string message, string? repaired)
    {
        var finding = Check(Replace(Basic, line)).Findings[0];
        Assert.Equal(message, finding.ToString());
        if (repaired is not null)
            Assert.Equal(repaired, finding.Repair!.Parameter.TypedKind.Format(finding.Repair.Value));
    }

    [Fact]
    public void A_socket_buffer_is_warned_of_below_32_KiB_and_recommended_below_129()
    {
        var result = Check(Replace(Basic, "DGRAMRCVBUF=1000"));
        Assert.Equal([FindingSeverity.Warning, FindingSeverity.Recommendation], result.Findings.Select(finding => finding.Severity));
        Assert.False(result.IsValid);
        Assert.True(Check(Replace(Basic, "DGRAMRCVBUF=32768")).IsValid);
    }

    [Fact]
    public void Numfile_must_also_do_for_every_socket_and_terminal()
    {
        var findings = Check(Replace(Replace(Basic, "NUMFILE=5760"), "NUMTCPSOCK=6000")).Findings;
        Assert.Contains(findings, finding => finding.Message == "numfile.bar should be at least numtcpsock + numothersock + numpty = 6376 (currently, 5760:5760)");
    }

    [Fact]
    public void Half_of_numproc_stands_for_avnumproc_where_it_is_not_given()
    {
        var text = string.Join('\n', Basic.Split('\n').Where(line => !line.StartsWith("AVNUMPROC", StringComparison.Ordinal)));
        Assert.Empty(Check(text).Findings);
        Assert.Contains(Check(Replace(text, "NUMFILE=3839")).Findings, finding => finding.Message.Contains("32 * avnumproc = 3840", StringComparison.Ordinal));
    }

    [Fact]
    public void Privvmpages_keeps_its_bound_when_it_is_raised_to_a_guarantee_without_limit()
    {
        var config = Accounts.Config(Replace(Basic, "PRIVVMPAGES=1000:99999"));
        new ConfigValidation(config, Accounts.Host).Run(_ => true);
        Assert.Equal("33792:99999", config.File.Get("PRIVVMPAGES"));
    }

    [Fact]
    public void A_vswap_configuration_has_no_barriers_and_fits_the_host()
    {
        var result = Check("PHYSPAGES=1:4194304\nSWAPPAGES=2:4194304\nNUMPROC=1:2\n");
        Assert.Equal(
            [
                "Error: barrier should be 0 for physpages (currently, 1:4194304)",
                "Error: barrier should be 0 for swappages (currently, 2:4194304)",
                "Warning: limit should not be above the host's memory, 2097152 pages, for physpages (currently, 1:4194304)",
                "Warning: limit should not be above the host's swap, 1048576 pages, for swappages (currently, 2:4194304)",
            ],
            result.Findings.Select(finding => finding.ToString()));
        Assert.Null(result.Findings[2].Repair);
        Assert.True(Check("PHYSPAGES=0:2097152\nSWAPPAGES=0:0\n").IsValid);
    }

    [Fact]
    public void Vswap_or_not_can_be_said()
    {
        Assert.True(Check("PHYSPAGES=0:100\nSWAPPAGES=0:100\n", vswap: true).IsValid);
        Assert.Contains(Check("PHYSPAGES=0:100\n", vswap: false).Findings, finding => finding.ToString() == "Error: numproc is not set");
        Assert.Contains(Check(Basic, vswap: true).Findings, finding => finding.ToString() == "Error: swappages is not set");
    }

    [Fact]
    public void Disk_limits_are_checked_while_quotas_are_on()
    {
        const string Text = "PHYSPAGES=0:100\nSWAPPAGES=0:0\nDISKSPACE=20:10\nDISKINODES=2:1\n";
        Assert.Equal(2, Check(Text).Findings.Count);
        Assert.Empty(Check(Text + "DISK_QUOTA=no\n").Findings);
        Assert.Empty(new ConfigValidation(Accounts.Config(Text, "DISK_QUOTA=no\n"), Accounts.Host).Run(_ => false).Findings);
    }

    [Fact]
    public void Bad_values_and_lines_that_are_not_understood_are_told_of()
    {
        var result = Check("PHYSPAGES=1Q\nSWAPPAGES=0:0\n?\n");
        Assert.Equal("Recommendation: 101.conf:3: this line is not KEY=\"value\"", result.Findings[0].ToString());
        Assert.Equal("Error: Bad value \"1Q\" for PHYSPAGES: the suffix Q is none of T G M K P B", result.Findings[1].ToString());
        Assert.DoesNotContain(result.Findings, finding => finding.Message == "physpages is not set");
        Assert.False(result.IsValid);
    }

    [Fact]
    public void What_is_not_to_be_repaired_stays_as_it_is()
    {
        var config = Accounts.Config("# mine\n" + Replace(Replace(Basic, "NUMPTY=1:2"), "SHMPAGES=1:2") + "MINE=\"1\"\n");
        var result = new ConfigValidation(config, Accounts.Host).Run(finding => finding.Message.Contains("numpty", StringComparison.Ordinal));
        Assert.Equal((2, 1), (result.Findings.Count, result.Repaired.Count));
        Assert.False(result.IsValid);
        Assert.Equal(("2", "1:2", "1"), (config.File.Get("NUMPTY"), config.File.Get("SHMPAGES"), config.File.Get("MINE")));
        Assert.StartsWith("# mine\n", System.Text.Encoding.UTF8.GetString(config.File.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repaired_configuration_is_valid_whatever_it_was()
        => AnyBounds.Sample(bounds =>
        {
            var config = Accounts.Config(Accounts.Text(bounds));
            var validation = new ConfigValidation(config, Accounts.Host) { Vswap = false };
            Assert.True(validation.Run(_ => true).IsValid);
            Assert.Empty(validation.Run(_ => false).Findings);
        });

    [Fact]
    public void A_repair_takes_nothing_away_but_what_has_no_meaning()
        => AnyBounds.Sample(bounds =>
        {
            var config = Accounts.Config(Accounts.Text(bounds));
            new ConfigValidation(config, Accounts.Host) { Vswap = false }.Run(_ => true);
            foreach (var (parameter, before) in bounds)
            {
                var after = config.Get(parameter, default);
                Assert.True(after.Limit >= before.Limit && (after.Barrier >= before.Barrier || parameter == PhysPages), parameter.Key);
            }
        });

    private static Gen<List<(ParameterDeclaration<BarrierLimit> Parameter, BarrierLimit Value)>> AnyBounds
    {
        get
        {
            var parameters = Resources.Append(AvNumProc).Where(parameter => parameter != SwapPages).ToList();
            var number = Gen.Frequency((6, Gen.Long[0, 100_000_000]), (2, Gen.Long[0, long.MaxValue]), (1, Gen.Const(long.MaxValue)), (1, Gen.Const(0L)));
            return Gen.Select(number, number, (barrier, limit) => new BarrierLimit(barrier, limit)).Array[parameters.Count]
                .Select(values => parameters.Zip(values).Select(pair => (pair.First, pair.Second)).ToList());
        }
    }

    private static ValidationResult Check(string text, bool? vswap = null)
        => new ConfigValidation(Accounts.Config(text), Accounts.Host) { Vswap = vswap }.Run(_ => false);

    /// <summary>The text with the line of that key replaced.</summary>
    private static string Replace(string text, string line)
        => string.Join('\n', text.Split('\n').Select(each => each.StartsWith(line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal) ? line : each));
}
