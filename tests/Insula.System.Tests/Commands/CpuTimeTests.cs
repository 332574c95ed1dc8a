using System.Diagnostics;
using System.Globalization;
using Insula.Engine.Host;

namespace Insula.System.Tests.Commands;

/// <summary>
/// CPUUNITS and CPUBURST as the kernel's counters of processor time show them. Shares are of what the containers together got, and spans
/// are in processor time of theirs, so whatever else the machine does has no part in it.
/// </summary>
public sealed class CpuTimeTests : IDisposable
{
    private const long Second = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CommandHost _host = new();
    private readonly List<Process> _busy = [];

    public void Dispose()
    {
        foreach (var process in _busy)
            process.Kill();
        _host.Dispose();
        foreach (var process in _busy)
            process.Dispose();
    }

    [Theory]
    [InlineData(200, 100, 100, 50)]
    [InlineData(20_000, 10_000, 10_000, 5_000)]
    public void Busy_containers_get_their_shares_of_a_processor_and_one_that_joins_gets_its_own_within_a_second(params int[] units)
    {
        Require.Feature(CgroupFeatures.Cpu);
        Require.Feature(CgroupFeatures.CpuSet);
        var containers = units.Select(Started).ToList();
        var fifth = Started(units[1]);
        containers.ForEach(MakeBusy);
        Await(Snapshot(containers), Second / 5, each: true, containers);

        AssertShares(units, Await(Snapshot(containers), 10 * Second, each: false, containers), within: 1);

        containers.Add(fifth);
        var idle = Snapshot(containers);
        MakeBusy(fifth);
        while (Snapshot(containers)[^1] - idle[^1] < Second / 100)
            Thread.Sleep(1);
        Await(Snapshot(containers), Second, each: false, containers);
        AssertShares([.. units, units[1]], Await(Snapshot(containers), 3 * Second, each: false, containers), within: 2);
    }

    [Fact]
    public void More_units_than_the_kernel_has_weights_for_are_in_proportion_too()
    {
        Require.Feature(CgroupFeatures.Cpu);
        Require.Feature(CgroupFeatures.CpuSet);
        int[] units = [100_000, 500_000, 400_000];
        // The first gets its weight before there is one with more than v2 can tell apart.
        var containers = units.Select(Started).ToList();
        containers.ForEach(MakeBusy);
        Await(Snapshot(containers), Second / 5, each: true, containers);
        AssertShares(units, Await(Snapshot(containers), 5 * Second, each: false, containers), within: 1);
    }

    [Fact]
    public void Time_saved_up_below_the_limit_is_bounded_live_and_after_a_start_and_goes_with_the_limit()
    {
        Require.Feature(CgroupFeatures.Cpu);
        var ctid = _host.Container(started: true);
        Assert.SkipUnless(BurstFile(ctid) is not null, "this kernel saves up no processor time (Linux 5.14)");
        _host.Vzctl("set", $"{ctid}", "--cpulimit", "60", "--cpuburst", "40", "--save").Succeeds();
        Assert.Equal("40000", File.ReadAllText(BurstFile(ctid)!).Trim());
        _host.Vzctl("set", $"{ctid}", "--cpuburst", "61", "--save").Fails(21, "CPUBURST 61 is above CPULIMIT 60");
        _host.Vzctl("set", $"{ctid}", "--cpulimit", "39", "--save").Fails(21, "CPUBURST 40 is above CPULIMIT 39");
        _host.Vzctl("set", $"{ctid}", "--cpuburst", "-1").Fails(21);
        Assert.Equal("40000", File.ReadAllText(BurstFile(ctid)!).Trim());
        Assert.Contains("CPUBURST=\"40\"", File.ReadAllText(_host.ConfigFile(ctid)), StringComparison.Ordinal);
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.Equal("40000", File.ReadAllText(BurstFile(ctid)!).Trim());
        _host.Vzctl("set", $"{ctid}", "--cpulimit", "40").Succeeds();
        Assert.Equal("40000", File.ReadAllText(BurstFile(ctid)!).Trim());
        _host.Vzctl("set", $"{ctid}", "--cpulimit", "0").Succeeds();
        Assert.Equal("0", File.ReadAllText(BurstFile(ctid)!).Trim());
        _host.Vzctl("stop", $"{ctid}").Succeeds();
        File.AppendAllText(_host.ConfigFile(ctid), "CPUBURST=\"70\"\n");
        File.WriteAllText(_host.ConfigFile(ctid), File.ReadAllText(_host.ConfigFile(ctid)).Replace("CPUBURST=\"40\"\n", "", StringComparison.Ordinal));
        _host.Vzctl("start", $"{ctid}").Fails(21, "CPUBURST 70 is above CPULIMIT 60");
        Assert.Equal($"CTID {ctid} exist unmounted down\n", _host.Vzctl("status", $"{ctid}").Output);
    }

    private int Started(int units)
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--cpuunits", units.ToString(CultureInfo.InvariantCulture), "--cpumask", OneCpu(), "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        return ctid;
    }

    private void MakeBusy(int ctid) => _busy.Add(_host.Start("exec", $"{ctid}", "while :; do :; done"));

    // The first that this process may use itself: "Cpus_allowed_list: 0-1".
    private static string OneCpu()
        => File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1].Split('-', ',')[0];

    // Until those below have used so much more than at the beginning, together or each; what each has used of it.
    private List<long> Await(List<long> before, long microseconds, bool each, List<int> containers)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience)
        {
            var used = Snapshot(containers).Zip(before, (now, then) => now - then).ToList();
            if ((each ? used.Min() : used.Sum()) >= microseconds)
                return used;
            Thread.Sleep(5);
        }
        throw new TimeoutException($"the containers did not get {microseconds} us of processor time");
    }

    // The counters cannot be read at one moment; of some attempts that one counts in which least time went by.
    private List<long> Snapshot(List<int> containers)
    {
        var (best, shortest) = (new List<long>(), TimeSpan.MaxValue);
        for (var attempt = 0; attempt < 20 && shortest > TimeSpan.FromMilliseconds(1); attempt++)
        {
            var reading = Stopwatch.StartNew();
            var usage = containers.Select(UsageOf).ToList();
            if (reading.Elapsed < shortest)
                (best, shortest) = (usage, reading.Elapsed);
        }
        return best;
    }

    private long UsageOf(int ctid)
    {
        var v1 = $"/sys/fs/cgroup/cpuacct/{_host.CgroupName}/{ctid}/cpuacct.usage";
        return File.Exists(v1)
            ? long.Parse(File.ReadAllText(v1), CultureInfo.InvariantCulture) / 1000
            : long.Parse(File.ReadLines($"/sys/fs/cgroup/{_host.CgroupName}/{ctid}/cpu.stat").First().Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private string? BurstFile(int ctid)
        => new[] { $"/sys/fs/cgroup/cpu/{_host.CgroupName}/{ctid}/cpu.cfs_burst_us", $"/sys/fs/cgroup/{_host.CgroupName}/{ctid}/cpu.max.burst" }.FirstOrDefault(File.Exists);

    private static void AssertShares(int[] units, List<long> used, double within)
    {
        var shown = string.Join(" ", used.Select(time => (100.0 * time / used.Sum()).ToString("0.00", CultureInfo.InvariantCulture)));
        TestContext.Current.TestOutputHelper?.WriteLine($"units {string.Join(" ", units)}: {shown} %");
        for (var i = 0; i < units.Length; i++)
        {
            var (share, expected) = (100.0 * used[i] / used.Sum(), 100.0 * units[i] / units.Sum());
            Assert.True(Math.Abs(share - expected) <= within, $"the one with {units[i]} units should have {expected:0.00} %; all have {shown}");
        }
    }
}
