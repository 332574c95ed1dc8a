using System.Diagnostics;
using Insula.Linux.Mounts;

namespace Insula.System.Tests.Commands;

/// <summary>insulad killed, stopped and replaced while programs in containers read its files: they notice nothing.</summary>
public sealed class DaemonDeathTests : IDisposable
{
    private const int SignalKill = 9, SignalTerminate = 15, SignalStop = 19;

    // What a reader may wait at most, on a processor that is one.
    private static readonly double LongestMilliseconds = Repetitions.IsEmulated ? double.MaxValue : 2000;

    private const int Readers = 3;
    private static readonly int Kills = Repetitions.Of(100);

    private readonly CommandHost _host = new();
    private readonly TestDaemon _daemon;

    public DaemonDeathTests() => _daemon = _host.UseDaemon();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Killed_at_any_moment_it_fails_no_reader_and_keeps_its_mounts()
    {
        var containers = new[] { _host.Container(started: true), _host.Container(started: true) };
        var mounted = MountOf(_daemon.Files);
        var readers = containers.SelectMany(ctid => StartReaders(ctid)).ToList();
        var random = new Random(5);
        var before = _daemon.Await();
        for (var i = 0; i < Kills; i++)
        {
            Thread.Sleep(random.Next(20, 120));
            // The worker twice as often as the keeper, whose successor takes longer; never both at once, which only systemd's descriptor store survives.
            if (i % 3 == 2)
            {
                TestDaemon.Signal(before.Keeper, SignalKill);
                before = _daemon.Await(before.Worker, before.Keeper);
            }
            else
            {
                TestDaemon.Signal(before.Worker, SignalKill);
                before = _daemon.Await(before.Worker);
            }
        }
        AssertUndisturbed(containers, readers);
        Assert.Equal(mounted, MountOf(_daemon.Files));
    }

    [Fact]
    public void Stopped_by_a_signal_it_goes_on()
    {
        var ctid = _host.Container(started: true);
        var readers = StartReaders(ctid);
        var (keeper, worker) = _daemon.Await();
        TestDaemon.Signal(worker, SignalStop);
        Thread.Sleep(1500);
        Assert.Equal((keeper, worker), _daemon.Await());
        AssertUndisturbed([ctid], readers);
    }

    [Fact]
    public void A_new_one_takes_over_and_the_old_one_ends()
    {
        var ctid = _host.Container(started: true);
        var readers = StartReaders(ctid);
        for (var i = 0; i < 3; i++)
        {
            var (keeper, worker) = _daemon.Await();
            using var next = _daemon.Replace();
            var after = _daemon.Await(worker);
            Assert.Equal(next.Id, after.Keeper);
            Assert.NotEqual(keeper, after.Keeper);
        }
        AssertUndisturbed([ctid], readers);
    }

    [Fact]
    public void Asked_to_end_it_serves_on_until_the_last_container_has_stopped()
    {
        var ctid = _host.Container(started: true);
        var (keeper, worker) = _daemon.Await();
        TestDaemon.Signal(keeper, SignalTerminate);
        for (var waited = Stopwatch.StartNew(); _daemon.Keeper != worker && waited.Elapsed < TimeSpan.FromSeconds(60); Thread.Sleep(10))
        {
        }
        Assert.Equal(worker, _daemon.Keeper);
        Assert.StartsWith("MemTotal:", _host.In(ctid, "cat /proc/meminfo"));
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        for (var waited = Stopwatch.StartNew(); _daemon.Keeper is not null && waited.Elapsed < TimeSpan.FromSeconds(60); Thread.Sleep(10))
        {
        }
        Assert.Null(_daemon.Keeper);
    }

    [Fact]
    public void Containers_that_start_just_while_it_ends_with_the_last_one_have_their_files()
    {
        int[] containers = [_host.Container(), _host.Container()];
        for (var i = 0; i < Repetitions.Of(10); i++)
        {
            // Both want a daemon at once, and there is none or one that is leaving.
            var starts = containers.Select(ctid => _host.Start("start", $"{ctid}")).ToList();
            foreach (var start in starts)
            {
                var errors = start.StandardError.ReadToEnd();
                start.WaitForExit();
                Assert.True(start.ExitCode == 0, errors);
                start.Dispose();
            }
            foreach (var ctid in containers)
                Assert.StartsWith("MemTotal:", _host.In(ctid, "cat /proc/meminfo /run/insula/proc/vmstat"));
            // Asked to end, it waits for the last container.
            TestDaemon.Signal(_daemon.Await().Keeper, SignalTerminate);
            foreach (var ctid in containers)
                _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        }
    }

    [Fact]
    public void Killed_with_all_its_processes_it_is_started_by_the_next_command_and_containers_get_their_files_back()
    {
        var (plain, covering) = (_host.Container(started: true), _host.Container(started: true));
        // What a container has mounted over a file of ours stays.
        _host.In(covering, "mount --bind /etc/passwd /proc/meminfo");
        var mounts = Mounts(plain);
        Assert.True(mounts > 10);
        var (keeper, worker) = _daemon.Await();
        // Stopped first, so that neither has time to start the other again.
        foreach (var signal in new[] { SignalStop, SignalKill })
        {
            TestDaemon.Signal(keeper, signal);
            TestDaemon.Signal(worker, signal);
        }
        for (var waited = Stopwatch.StartNew(); Directory.Exists($"/proc/{keeper}/fd") && waited.Elapsed < TimeSpan.FromSeconds(60); Thread.Sleep(10))
        {
        }
        Assert.StartsWith("MemTotal:", _host.In(plain, "cat /proc/meminfo"));
        Assert.Equal(mounts, Mounts(plain));
        Assert.NotEmpty(_host.In(plain, "cat /sys/devices/system/cpu/online /run/insula/proc/vmstat"));
        Assert.StartsWith("root:x:", _host.In(covering, "cat /proc/meminfo"));
        Assert.Matches("^cpu ", _host.In(covering, "cat /proc/stat"));
        Assert.StartsWith("MemTotal:", File.ReadAllText($"{_daemon.Files}/{plain}/proc/meminfo"));
    }

    private int Mounts(int ctid) => _host.In(ctid, "cat /proc/mounts").Split('\n').Count(line => line.Contains(" fuse.insula ", StringComparison.Ordinal));

    private static (int, int) MountOf(string point)
    {
        var entry = Assert.Single(MountTable.ReadOwn(), entry => entry.MountPoint == point);
        return (entry.Id, entry.ParentId);
    }

    private List<Process> StartReaders(int ctid)
    {
        Probe.Install(_host, ctid);
        string[] files = ["/proc/meminfo", "/proc/stat", "/proc/uptime", "/proc/loadavg", "/proc/cpuinfo", "/run/insula/proc/vmstat"];
        if (SystemInformationTests.IsAnswered)
            files = [.. files, $"sysinfo:{256L << 20}"];
        List<Process> readers = [.. Enumerable.Range(0, Readers).Select(_ => _host.Start("exec2", $"{ctid}", $"echo begins; exec /bin/probe read /tmp/end {string.Join(' ', files)}"))];
        foreach (var reader in readers)
            Assert.Equal("begins", reader.StandardOutput.ReadLine());
        return readers;
    }

    private void AssertUndisturbed(IEnumerable<int> containers, List<Process> readers)
    {
        foreach (var ctid in containers)
            _host.In(ctid, "mkdir -p /tmp; touch /tmp/end");
        foreach (var reader in readers)
        {
            var errors = reader.StandardError.ReadToEnd();
            var words = reader.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
            reader.WaitForExit();
            reader.Dispose();
            Assert.True(words.Length == 3, errors);
            TestContext.Current.SendDiagnosticMessage("reads {0}, errors {1}, longest {2} ms", words[0], words[1], words[2]);
            Assert.True(long.Parse(words[0]) > 0, "nothing was read");
            Assert.True(words[1] == "0", errors);
            Assert.InRange(double.Parse(words[2]), 0, LongestMilliseconds);
        }
    }
}
