using System.Globalization;
using Insula.Engine.Containers.Listing;

namespace Insula.Cli.Tests;

public sealed class VzPidTests : IDisposable
{
    private static readonly string Self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private readonly CliFixture _cli = new();
    private readonly string _proc = Directory.CreateTempSubdirectory("insula-proc-").FullName;

    public void Dispose()
    {
        _cli.Dispose();
        Directory.Delete(_proc, recursive: true);
    }

    [Fact]
    public void A_process_of_the_host_is_in_container_0()
    {
        Assert.Equal(0, _cli.Run("vzpid", Self));
        Assert.Matches($@"\APid\tCTID\tName\n{Self}\t0\t\S", _cli.Output);
        Assert.Equal(0, _cli.Run("vzpid", "-p", Self));
        Assert.StartsWith($"Pid\tCT/Pid\tCTID\tName\n{Self}\t{Self}\t0\t", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dash_reads_the_numbers_from_standard_input()
    {
        _cli.Input = $"{Self} {Self}\n{Self}";
        Assert.Equal(0, _cli.Run("vzpid", "-"));
        Assert.Equal(4, _cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void What_is_no_process_is_told_and_the_others_are_shown()
    {
        Assert.Equal(1, _cli.Run("vzpid", "2147483600", "x", Self));
        Assert.Equal("There is no process 2147483600\nBad process number \"x\"\n", _cli.Error);
        Assert.Contains($"\n{Self}\t0\t", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(20, _cli.Run("vzpid"));
    }

    [Theory]
    [InlineData("0::/insula/101\n", 101)]
    [InlineData("4:memory:/insula/101/system.slice/cron.service\n0::/\n", 101)]
    [InlineData("4:name=a:b:/insula/101\n", 0)]
    [InlineData("0::/insula/101/insula/202\n", 101)]
    [InlineData("0::/user.slice/insula/101\n", 0)]
    [InlineData("0::/insula101/5\n", 0)]
    [InlineData("0::/insula\n", 0)]
    [InlineData("0::/insula/x\n", 0)]
    [InlineData("", 0)]
    public void The_container_is_what_stands_at_the_start_of_the_cgroup_path(string cgroups, int ctid)
    {
        Write(4711, cgroups, "Name:\tcron\nNSpid:\t4711\t57\t1\n");
        var found = new ProcessFinder("insula", _proc).Find(4711);
        Assert.Equal(ctid, found!.Value.Ctid.Value);
        Assert.Equal("cron", found.Value.Name);
        Assert.Equal(ctid == 0 ? 4711 : 57, found.Value.InnerPid);
    }

    [Fact]
    public void A_process_that_is_gone_is_none() => Assert.Null(new ProcessFinder("insula", _proc).Find(1));

    private void Write(int pid, string cgroups, string status)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_proc, pid.ToString(CultureInfo.InvariantCulture))).FullName;
        File.WriteAllText(Path.Combine(directory, "cgroup"), cgroups);
        File.WriteAllText(Path.Combine(directory, "status"), status);
    }
}
