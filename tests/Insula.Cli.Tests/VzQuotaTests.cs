using Insula.Engine.Quotas;

namespace Insula.Cli.Tests;

public sealed class VzQuotaTests : IDisposable
{
    private static readonly long Now = new DateTimeOffset(2026, 11, 22, 23, 44, 41, TimeSpan.FromHours(1)).ToUnixTimeSeconds();

    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Run(params string[] arguments)
    {
        Assert.True(_cli.Run("vzquota", arguments) == 0, _cli.Error);
        return _cli.Output;
    }

    [Fact]
    public void Stat_prints_the_old_table()
        => Assert.Equal(
            "   resource          usage       softlimit      hardlimit    grace\n"
            + "  1k-blocks           1234           10240          20480         \n"
            + "     inodes             56             100            200         \n",
            Run("stat", "101"));

    [Fact]
    public void What_is_above_its_soft_limit_has_a_star_and_the_time_that_is_left()
    {
        _cli.Quotas.Report = _cli.Quotas.Report with
        {
            State = new QuotaState(new QuotaAmount(15000, 10240, 20480, Now + 3700, 259200), new QuotaAmount(150, 100, 200, Now - 1, 259200)),
        };
        Assert.Equal(
            "   resource          usage       softlimit      hardlimit    grace\n"
            + "  1k-blocks          15000*          10240          20480    01:02\n"
            + "     inodes            150*            100            200     none\n",
            Run("show", "101"));
    }

    [Fact]
    public void Batch_output_is_bare_numbers()
    {
        _cli.Quotas.Report = _cli.Quotas.Report with { State = new QuotaState(new QuotaAmount(15000, 10240, 20480, 1795400000, 259200), new QuotaAmount(56, 100, 200, 1795400000, 60)) };
        Assert.Equal(
            "         15000          10240          20480     1795400000         259200\n"
            + "            56            100            200              0             60\n",
            Run("-b", "stat", "101"));
    }

    [Fact]
    public void Users_and_groups_are_listed_with_their_ids_inside()
    {
        _cli.Quotas.Report = _cli.Quotas.Report with
        {
            WantsUsers = true,
            HasUsers = true,
            UgidLimit = 100,
            Grace = [(QuotaHolder.User, 259200, 3600), (QuotaHolder.Group, 604800, 60)],
            Users = [(QuotaHolder.User, 1000, new QuotaState(new QuotaAmount(12, 10, 20, Now + 200000, 0), new QuotaAmount(3, 0, 0, 0, 0)))],
        };
        Assert.EndsWith(
            "User/group quota: on,active\n"
            + "Ugids: loaded 1, total 1, limit 100\n"
            + "Ugid limit was exceeded: no\n"
            + "\n"
            + "User/group grace times and quotafile flags:\n"
            + " type block_exp_time inode_exp_time  dqi_flags\n"
            + " user          3days         1hours         0h\n"
            + "group          7days       1minutes         0h\n"
            + "\n"
            + "User/group objects:\n"
            + "ID           type  resource       usage   softlimit   hardlimit    grace status\n"
            + "1000         user 1k-blocks          12          10          20    2days loaded\n"
            + "1000         user    inodes           3           0           0          loaded\n",
            Run("stat", "101", "-t"), StringComparison.Ordinal);
    }

    [Fact]
    public void Init_takes_all_limits_and_times_in_every_form()
    {
        Run("init", "101", "-p", "/private/101", "-b", "100", "-B", "200", "-e", "1:00:00", "-i", "10", "-I", "20", "-n", "7D", "-s", "1", "-u", "50");
        Assert.Equal(
            new QuotaRequest
            {
                SoftKiB = 100,
                HardKiB = 200,
                SpaceGrace = 3600,
                SoftInodes = 10,
                HardInodes = 20,
                InodeGrace = 604800,
                Path = "/private/101",
                UserQuota = true,
                UgidLimit = 50,
            },
            _cli.Quotas.Calls[1]);
    }

    [Fact]
    public void A_user_gets_four_limits_and_all_users_get_grace_times()
    {
        Run("setlimit2", "101", "-u", "1000", "10", "20", "30", "40");
        Run("setlimit2", "101", "-g", "5", "1", "2", "3", "4");
        Run("setlimit2", "101", "-t", "-u", "3600", "1d");
        Run("setlimit2", "101", "-t", "60", "60");
        Assert.Equal(
            [
                "setlimit2", new QuotaSubject(QuotaHolder.User, 1000), DiskLimits.None with { SoftKiB = 10, HardKiB = 20, SoftInodes = 30, HardInodes = 40 },
                "setlimit2", new QuotaSubject(QuotaHolder.Group, 5), DiskLimits.None with { SoftKiB = 1, HardKiB = 2, SoftInodes = 3, HardInodes = 4 },
                "grace", "User", 3600L, 86400L, "grace", "both", 60L, 60L,
            ],
            _cli.Quotas.Calls);
    }

    [Theory]
    [InlineData(2, "No command is given")]
    [InlineData(2, "Bad command: frob", "frob", "101")]
    [InlineData(2, "No quota id is given", "stat")]
    [InlineData(2, "Bad quota id \"web\"", "stat", "web")]
    [InlineData(2, "Bad number \"-1\"", "setlimit", "101", "-b", "-1")]
    [InlineData(2, "Bad number \"1G\"", "setlimit", "101", "-b", "1G")]
    [InlineData(2, "Bad number \"99999999999999999999\"", "setlimit", "101", "-b", "99999999999999999999")]
    [InlineData(2, "A soft limit is above its hard limit", "setlimit", "101", "-b", "3", "-B", "2")]
    [InlineData(2, "Bad time \"1x\"", "setlimit", "101", "-e", "1x")]
    [InlineData(2, "Bad time \"1:2:3:4:5\"", "setlimit", "101", "-e", "1:2:3:4:5")]
    [InlineData(2, "Either a user (-u) or a group (-g)", "setlimit2", "101", "1", "2", "3", "4")]
    [InlineData(2, "setlimit2 needs BSOFT", "setlimit2", "101", "-u", "1", "2")]
    [InlineData(2, "Unknown option -z", "-z", "stat", "101")]
    [InlineData(11, "There is no quota file of 102", "show", "102")]
    public void What_is_wrong_is_told_with_the_codes_of_vzquota(int code, string message, params string[] arguments)
    {
        Assert.Equal(code, _cli.Run("vzquota", arguments));
        Assert.StartsWith(message, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Quotas.Calls);
    }

    [Fact]
    public void A_dump_can_be_loaded_again()
    {
        _cli.Quotas.Report = _cli.Quotas.Report with
        {
            HasUsers = true,
            Grace = [(QuotaHolder.User, 259200, 3600)],
            Users = [(QuotaHolder.Group, 50, new QuotaState(new QuotaAmount(12, 10, 20, 77, 0), new QuotaAmount(3, 30, 40, 0, 0)))],
        };
        Assert.Equal(0, _cli.Run("vzdqdump", "101", "-G", "-U", "-T", "-F"));
        Assert.Equal(
            "ugid_quota_status:\t1\n#grace_time:\ttype\tblock\tinode\ngrace_time:\t0\t259200\t3600\nugid_number:\t1\n"
            + "#ugid:\tID\ttype\tbsoft\tbhard\tisoft\tihard\tbtime\titime\nugid:\t50\t1\t10\t20\t30\t40\t77\t0\n"
            + "first_level_quota:\n1234 20480 10240 0 259200\n56 200 100 0 259200\n",
            _cli.Output);
        _cli.Input = _cli.Output;
        _cli.Quotas.Calls.Clear();
        Assert.Equal(0, _cli.Run("vzdqload", "101", "-G", "-U"));
        Assert.Equal(
            [
                "grace", "User", 259200L, 3600L,
                "setlimit2", new QuotaSubject(QuotaHolder.Group, 50), DiskLimits.None with { SoftKiB = 10, HardKiB = 20, SoftInodes = 30, HardInodes = 40 },
            ],
            _cli.Quotas.Calls);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("ugid:\t1\t0\t1\t2\t3")]
    [InlineData("ugid:\t1\t7\t1\t2\t3\t4")]
    [InlineData("grace_time:\t0\t1\t-2")]
    public void A_dump_with_one_bad_line_changes_nothing(string line)
    {
        _cli.Input = $"ugid:\t1\t0\t1\t2\t3\t4\n{line}\n";
        Assert.Equal(2, _cli.Run("vzdqload", "101", "-G", "-U"));
        Assert.StartsWith("Line 2 of the input", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Quotas.Calls);
    }

    [Fact]
    public void Vzdqcheck_counts_a_tree_once_per_inode()
    {
        var directory = Directory.CreateTempSubdirectory("insula-dq-").FullName;
        try
        {
            Directory.CreateDirectory($"{directory}/a/b");
            File.WriteAllBytes($"{directory}/a/file", new byte[8192]);
            File.CreateSymbolicLink($"{directory}/link", "/etc");
            Assert.Equal(0, _cli.Run("vzdqcheck", directory));
            var lines = _cli.Output.Split('\n');
            Assert.Equal(($"quota usage for {directory}", "     blocks     inodes"), (lines[0], lines[1]));
            Assert.Equal("5", lines[2][11..].Trim());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        Assert.Equal(4, _cli.Run("vzdqcheck", directory));
        Assert.Equal(2, _cli.Run("vzdqcheck"));
    }

    [Fact]
    public void Only_root_may()
    {
        _cli.IsRoot = false;
        Assert.Equal(1, _cli.Run("vzquota", "stat", "101"));
        Assert.Equal(0, _cli.Run("vzquota", "--help"));
        Assert.StartsWith("vzquota version ", _cli.Output, StringComparison.Ordinal);
    }
}
