using System.Globalization;
using System.Text.Json;
using Insula.Linux.Processes;

namespace Insula.System.Tests.Commands;

/// <summary>Programs inside run into each bound, and what vzubc says is compared with a count that it has no part in.</summary>
public sealed class BeancounterTests(CountingHost counting) : IClassFixture<CountingHost>, IDisposable
{
    private const string Unlimited = "9223372036854775807";
    private readonly CommandHost _host = counting.Host;

    public void Dispose() => counting.Clear();

    [Fact]
    public void Forks_above_numproc_are_refused_and_counted()
    {
        var (ctid, neighbour) = Pair("--numproc", "20");
        // init, the program, and perhaps the shell it was started by are there already.
        var forked = _host.In(ctid, "probe fork 100 0").Trim().Split(' ');
        Assert.Equal("EAGAIN", forked[1]);
        Assert.InRange(int.Parse(forked[0], CultureInfo.InvariantCulture), 15, 18);
        var row = Row(ctid, "numproc");
        Assert.Equal(1, row.FailCount);
        Assert.Equal((20, 20), (row.Barrier, row.Limit));
        Assert.InRange(row.MaxHeld, 15, 20);
        Assert.Equal("40 0", _host.In(neighbour, "probe fork 40 0").Trim());
        Assert.Equal(0, Row(neighbour, "numproc").FailCount);
    }

    [Fact]
    public void Memory_above_physpages_is_never_held()
    {
        // With swap: in v1, refusals by the bound on memory and swap together are not counted by every kernel.
        var ctid = Started("--ram", "16M", "--swap", "16M");
        // The tail of a stream without line ends is kept in memory.
        var result = _host.Vzctl("exec2", $"{ctid}", "head -c 60000000 /dev/zero | tail");
        Assert.NotEqual(0, result.Code);
        var memory = Row(ctid, "physpages");
        Assert.True(memory.FailCount > 0);
        Assert.InRange(memory.MaxHeld, 3500, 4096);
        Assert.Equal(4096, memory.Limit);
        Assert.True(Row(ctid, "oomguarpages").FailCount > 0);
    }

    [Fact]
    public void Locked_memory_is_refused_to_each_process_above_lockedpages()
    {
        var (ctid, neighbour) = Pair("--lockedpages", "100");
        Assert.Equal("100 ENOMEM", _host.In(ctid, "probe lock 1000").Trim());
        using (Holding(ctid, "lock 60"))
            Assert.Equal(60, Row(ctid, "lockedpages").Held);
        Assert.Equal((0, 60), (Row(ctid, "lockedpages").Held, Row(ctid, "lockedpages").MaxHeld));
        Assert.Equal("500 0", _host.In(neighbour, "probe lock 500").Trim());
    }

    [Fact]
    public void Queued_signals_are_refused_to_all_users_of_a_container_together()
    {
        var (ctid, neighbour) = Pair("--numsiginfo", "100");
        using (Holding(ctid, "signals 70", uid: 1000))
        {
            Assert.Equal(70, Row(ctid, "numsiginfo").Held);
            Assert.Equal("30 EAGAIN", _host.In(ctid, "probe signals 70 0 1001").Trim());
            // The neighbour's are not counted with these, although the host's root has made both.
            Assert.Equal("100 EAGAIN", _host.In(neighbour, "probe signals 200").Trim());
        }
        Assert.Equal(0, Row(ctid, "numsiginfo").Held);
        Assert.InRange(Row(ctid, "numsiginfo").MaxHeld, 70, 100);
    }

    [Fact]
    public void Terminals_are_refused_above_numpty_at_once_after_a_change()
    {
        var (ctid, neighbour) = Pair("--numpty", "5");
        Assert.Equal("5 ENOSPC", _host.In(ctid, "probe pty 50").Trim());
        using (Holding(ctid, "pty 4"))
        {
            Assert.Equal(4, Row(ctid, "numpty").Held);
            var told = _host.Vzctl("set", $"{ctid}", "--numpty", "2").Succeeds();
            Assert.Contains("4 are in use, more than 2", told.Output, StringComparison.Ordinal);
        }
        Assert.Equal("2 ENOSPC", _host.In(ctid, "probe pty 50").Trim());
        Assert.Equal(4, Row(ctid, "numpty").MaxHeld);
        _host.Vzctl("set", $"{neighbour}", "--numpty", "40").Succeeds();
        Assert.Equal("40 ENOSPC", _host.In(neighbour, "probe pty 50").Trim());
    }

    [Fact]
    public void Shared_memory_is_refused_above_shmpages_as_segments_and_as_files()
    {
        var (ctid, neighbour) = Pair("--shmpages", "100");
        Assert.Equal("100 0", _host.In(ctid, "probe segment 100").Trim());
        Assert.Equal("0 ENOSPC", _host.In(ctid, "probe segment 101").Trim());
        Assert.Equal("100 ENOSPC", _host.In(ctid, "probe devshm 500").Trim());
        Assert.InRange(Row(ctid, "shmpages").Held, 100, 140);
        _host.In(ctid, "rm /dev/shm/probe");
        Assert.Equal("500 0", _host.In(neighbour, "probe devshm 500; rm /dev/shm/probe").Trim());
    }

    [Fact]
    public void A_set_that_cannot_be_applied_changes_nothing()
    {
        var ctid = Started("--shmpages", "100", "--numpty", "5");
        _host.In(ctid, "probe devshm 80");
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _host.Vzctl("set", $"{ctid}", "--numpty", "3", "--shmpages", "10", "--save").Fails(1, "more is in use in /dev/shm");
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.Equal(5, Row(ctid, "numpty").Limit);
        Assert.Equal("5 ENOSPC", _host.In(ctid, "probe pty 50").Trim());
        Assert.Equal("100", _host.In(ctid, "cat /proc/sys/kernel/shmall").Trim());
    }

    [Fact]
    public void Private_memory_and_files_are_refused_as_the_mechanism_says()
    {
        var ctid = Started("--privvmpages", "8192", "--numfile", "64");
        var (memory, files) = (MechanismOf("privvmpages"), MechanismOf("numfile"));
        var mapped = _host.In(ctid, "probe map 100").Trim().Split(' ');
        Assert.Equal("ENOMEM", mapped[1]);
        Assert.InRange(int.Parse(mapped[0], CultureInfo.InvariantCulture), 25, 32);
        var opened = _host.In(ctid, "probe open 1000").Trim().Split(' ');
        Assert.InRange(int.Parse(opened[0], CultureInfo.InvariantCulture), 20, 61);
        Assert.Contains(memory, new[] { "exact", "per-process" });
        Assert.Equal(files == "exact" ? "ENFILE" : "EMFILE", opened[1]);
        if (files == "exact")
            Assert.Equal(1, Row(ctid, "numfile").FailCount);
    }

    [Fact]
    public void What_is_sampled_agrees_with_a_count_of_our_own()
    {
        var ctid = Started("--numflock", "100");
        var open = Row(ctid, "numfile").Held;
        Assert.InRange(open, 1, 40);
        using (Holding(ctid, "open 40"))
        using (Holding(ctid, "flock 7"))
        {
            var pids = Pids(ctid);
            Assert.InRange(Row(ctid, "privvmpages").Held, DataPages(pids) - 64, DataPages(pids) + 64);
            if (MechanismOf("numfile") == "exact")
                Assert.InRange(Row(ctid, "numfile").Held, open + 47, open + 75);
            else
                Assert.Equal(pids.Sum(pid => Directory.GetFiles($"/proc/{pid}/fd").Length), Row(ctid, "numfile").Held);
            Assert.Equal(7, Row(ctid, "numflock").Held);
        }
        Assert.Equal(0, Row(ctid, "numflock").Held);
        Assert.Equal(7, Row(ctid, "numflock").MaxHeld);
    }

    [Fact]
    public void Sockets_and_their_buffers_are_counted()
    {
        var ctid = Started("--numtcpsock", "1000");
        using (Holding(ctid, "tcp 12"))
            Assert.Equal(12, Row(ctid, "numtcpsock").Held);
        using (Holding(ctid, "udp 9"))
            Assert.Equal(9, SettledHeld(ctid, "numothersock", 9));
        using (Holding(ctid, "unixqueue 30"))
        {
            Assert.Equal(2, SettledHeld(ctid, "numothersock", 2));
            Assert.InRange(Row(ctid, "othersockbuf").Held, 30 * 1024, 30 * 4096);
        }
        Assert.Equal(12, Row(ctid, "numtcpsock").MaxHeld);
        Assert.Equal((0, 0), (Row(ctid, "numtcpsock").Held, Row(ctid, "othersockbuf").Held));
    }

    [Fact]
    public void Tcp_sockets_above_numtcpsock_are_refused_where_the_kernel_lets_us()
    {
        Assert.SkipUnless(MechanismOf("numtcpsock") == "exact", "this kernel takes no BPF program at cgroup/sock_create");
        var (ctid, neighbour) = Pair("--numtcpsock", "10");
        Assert.StartsWith("10 E", _host.In(ctid, "probe tcp 50").Trim(), StringComparison.Ordinal);
        Assert.Equal((1, 10), (Row(ctid, "numtcpsock").FailCount, Row(ctid, "numtcpsock").MaxHeld));
        _host.Vzctl("set", $"{ctid}", "--numtcpsock", "20").Succeeds();
        Assert.StartsWith("20 E", _host.In(ctid, "probe tcp 50").Trim(), StringComparison.Ordinal);
        Assert.Equal("9 0", _host.In(neighbour, "probe tcp 9").Trim());
    }

    [Fact]
    public void Buffers_of_tcp_sockets_are_bounded_in_the_containers_network_and_can_be_changed()
    {
        var ctid = Started("--tcpsndbuf", "100000", "--tcprcvbuf", "200000:300000");
        Assert.Equal("100000", _host.In(ctid, "cat /proc/sys/net/ipv4/tcp_wmem").Trim().Split('\t')[2]);
        Assert.Equal("200000", _host.In(ctid, "cat /proc/sys/net/ipv4/tcp_rmem").Trim().Split('\t')[2]);
        _host.Vzctl("set", $"{ctid}", "--tcpsndbuf", "unlimited").Succeeds();
        Assert.Equal(File.ReadAllText("/proc/sys/net/ipv4/tcp_wmem").Trim(), _host.In(ctid, "cat /proc/sys/net/ipv4/tcp_wmem").Trim());
    }

    [Fact]
    public void Peaks_survive_between_commands_and_begin_anew_with_a_start()
    {
        var ctid = Started();
        using (Holding(ctid, "open 200"))
            Row(ctid, "numfile");
        Assert.InRange(Row(ctid, "numfile").MaxHeld, 200, 400);
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        // Where every file is counted, those that a start needs are too.
        Assert.InRange(Row(ctid, "numfile").MaxHeld, 0, 100);
    }

    [Fact]
    public void A_bound_that_waits_for_a_restart_is_told_and_saved_and_not_shown_as_in_force()
    {
        var ctid = Started("--numsiginfo", "100");
        var told = _host.Vzctl("set", $"{ctid}", "--numsiginfo", "50", "--numproc", "60", "--save").Succeeds();
        Assert.Contains("Unable to set numsiginfo on a running container", told.Error, StringComparison.Ordinal);
        Assert.Equal((100, 60), (Row(ctid, "numsiginfo").Limit, Row(ctid, "numproc").Limit));
        Assert.Contains("NUMSIGINFO=\"50\"", File.ReadAllText(_host.ConfigFile(ctid)), StringComparison.Ordinal);
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.Equal(50, Row(ctid, "numsiginfo").Limit);
    }

    [Fact]
    public void Resetting_puts_the_saved_bounds_into_force_again()
    {
        var ctid = Started("--numpty", "5", "--numproc", "60");
        _host.Vzctl("set", $"{ctid}", "--numpty", "2", "--numproc", "30").Succeeds();
        Assert.Equal((2, 30), (Row(ctid, "numpty").Limit, Row(ctid, "numproc").Limit));
        _host.Vzctl("set", $"{ctid}", "--reset_ub", "--save").Fails(20);
        _host.Vzctl("set", $"{ctid}", "--reset_ub").Succeeds();
        Assert.Equal((5, 60), (Row(ctid, "numpty").Limit, Row(ctid, "numproc").Limit));
        Assert.Equal("5 ENOSPC", _host.In(ctid, "probe pty 50").Trim());
    }

    [Fact]
    public void A_reset_that_changes_nothing_succeeds_beside_a_process_that_has_lowered_its_limits_itself()
    {
        var ctid = Started("--numfile", "1000");
        using var lower = _host.Start("exec2", $"{ctid}", "ulimit -n 100; sleep 1000");
        SpinUntil(() => Pids(ctid).Any(pid => OpenFilesOf(pid) == "100"));
        _host.Vzctl("set", $"{ctid}", "--reset_ub").Succeeds();
        Assert.Contains(Pids(ctid), pid => OpenFilesOf(pid) == "100");
        lower.Kill();
    }

    private static string OpenFilesOf(int pid)
        => File.ReadLines($"/proc/{pid}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];

    private static void SpinUntil(Func<bool> condition)
    {
        for (var attempt = 0; attempt < 1200 && !condition(); attempt++)
            Thread.Sleep(50);
    }

    [Fact]
    public void A_bound_that_cannot_be_raised_again_makes_the_reset_fail_and_leaves_all_as_it_was()
    {
        var ctid = Started("--numproc", "60", "--lockedpages", "100");
        _host.Vzctl("set", $"{ctid}", "--numproc", "30", "--lockedpages", "7").Succeeds();
        var result = _host.Vzctl("set", $"{ctid}", "--reset_ub");
        if (Require.MayRaiseLimits)
        {
            result.Succeeds();
            Assert.Equal("100 ENOMEM", _host.In(ctid, "probe lock 200").Trim());
            Assert.Equal((60, 100), (Row(ctid, "numproc").Limit, Row(ctid, "lockedpages").Limit));
            return;
        }
        result.Fails(1, "raising a limit needs CAP_SYS_RESOURCE");
        Assert.Equal("7 ENOMEM", _host.In(ctid, "probe lock 200").Trim());
        Assert.Equal((30, 7), (Row(ctid, "numproc").Limit, Row(ctid, "lockedpages").Limit));
    }

    [Theory]
    [InlineData(21, "--numproc", "-1")]
    [InlineData(21, "--numproc", "10K")]
    [InlineData(21, "--numproc", "ten")]
    [InlineData(21, "--kmemsize", "1X")]
    [InlineData(21, "--numpty", "5:")]
    [InlineData(20, "--numthing", "5")]
    [InlineData(28, "--physpages", "0:4096", "--swappages", "")]
    public void Bad_values_are_refused_with_their_code_and_nothing_changes(int code, params string[] options)
    {
        var ctid = _host.Container(started: false);
        if (code == 28)
            File.WriteAllText(_host.ConfigFile(ctid), File.ReadAllText(_host.ConfigFile(ctid)).Replace("SWAPPAGES", "#SWAPPAGES", StringComparison.Ordinal));
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _host.Vzctl(["set", $"{ctid}", .. code == 28 ? options[..2] : options, "--save"]).Fails(code);
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
    }

    [Fact]
    public void Suffixes_pages_and_unlimited_are_understood_by_the_kernel_side_too()
    {
        var ctid = Started();
        _host.Vzctl("set", $"{ctid}", "--privvmpages", "64M:100P", "--lockedpages", "1M", "--numpty", "unlimited", "--shmpages", Unlimited).Succeeds();
        Assert.Equal((16384, 100), (Row(ctid, "privvmpages").Barrier, Row(ctid, "privvmpages").Limit));
        Assert.Equal(256, Row(ctid, "lockedpages").Limit);
        Assert.Equal("256 ENOMEM", _host.In(ctid, "probe lock 300").Trim());
        Assert.Equal("20 0", _host.In(ctid, "probe pty 20").Trim());
        Assert.Contains("the container may have 1", _host.Vzctl("set", $"{ctid}", "--numpty", "0").Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal("1 ENOSPC", _host.In(ctid, "probe pty 20").Trim());
    }

    [Fact]
    public void A_classic_configuration_that_lacks_a_beancounter_does_not_start()
    {
        var ctid = _host.Container(started: false);
        File.AppendAllText(_host.ConfigFile(ctid), "PHYSPAGES=\"0:unlimited\"\n");
        var text = File.ReadAllText(_host.ConfigFile(ctid)).Replace("PHYSPAGES=\"0:65536\"\n", "", StringComparison.Ordinal);
        File.WriteAllText(_host.ConfigFile(ctid), text);
        _host.Vzctl("start", $"{ctid}").Fails(28, "KMEMSIZE");
    }

    [Fact]
    public void Every_sample_starts_and_shows_its_bounds()
    {
        foreach (var sample in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "ve-*.conf-sample"))
            File.Copy(sample, Path.Combine(_host.Base, "etc/conf", Path.GetFileName(sample)), overwrite: true);
        foreach (var sample in (string[])["basic", "light", "vswap-256m"])
        {
            var ctid = Started("--config", sample);
            var numproc = Row(ctid, "numproc");
            Assert.Equal(sample switch { "basic" => 240, "light" => 40, _ => long.Parse(Unlimited, CultureInfo.InvariantCulture) }, numproc.Barrier);
            Assert.Equal("0", _host.In(ctid, "true; echo $?").Trim());
        }
    }

    [Fact]
    public void The_host_has_an_account_and_vzlist_shows_the_same_as_vzubc()
    {
        var ctid = Started("--numproc", "33");
        var host = Row(0, "numproc");
        Assert.True(host.Held > 1);
        Assert.Equal(Unlimited, host.Limit.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("33 33 0", string.Join(' ', _host.Vzlist("-Honumproc.b,numproc.l,numproc.f", $"{ctid}").Succeeds().Output
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }

    private int Started(params IReadOnlyList<string> options)
    {
        var config = options is ["--config", ..] ? options : [];
        var ctid = _host.Container(started: false, config);
        if (config.Count == 0 && options.Count > 0)
            _host.Vzctl(["set", $"{ctid}", .. options, "--save"]).Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Probe.Install(_host, ctid);
        return ctid;
    }

    private (int Bounded, int Neighbour) Pair(params IReadOnlyList<string> options) => (Started(options), Started(options is ["--numsiginfo", ..] ? options : []));

    /// <summary>A program inside that has taken a number of things and keeps them until it is disposed.</summary>
    private Holder Holding(int ctid, string what, int uid = 0) => new(_host, ctid, what, uid);

    // With cgroup v2 what is executed later is in a group beside init's.
    private List<int> Pids(int ctid)
        => [.. Directory.GetFiles(_host.CgroupDirectory("memory", ctid), "cgroup.procs", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(int.Parse)];

    private static long DataPages(List<int> pids)
        => pids.Sum(pid => long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[5], CultureInfo.InvariantCulture));

    private string MechanismOf(string resource)
    {
        using var json = JsonDocument.Parse(_host.Vzubc("--mechanisms", "--json").Succeeds().Output);
        return json.RootElement.EnumerateArray().First(row => row.GetProperty("resource").GetString() == resource).GetProperty("mechanism").GetString()!;
    }

    // The kernel frees the netlink sockets that an earlier reading has used some time after they were closed.
    private long SettledHeld(int ctid, string resource, long expected)
    {
        var held = Row(ctid, resource).Held;
        for (var attempt = 0; attempt < 20 && held != expected; attempt++)
        {
            Thread.Sleep(200);
            held = Row(ctid, resource).Held;
        }
        return held;
    }

    private (long Held, long MaxHeld, long Barrier, long Limit, long FailCount) Row(int ctid, string resource)
    {
        using var json = JsonDocument.Parse(_host.Vzubc("--json", $"{ctid}").Succeeds().Output);
        var row = json.RootElement[0].GetProperty("beancounters").GetProperty(resource);
        long Number(string name) => row.GetProperty(name).GetInt64();
        return (Number("held"), Number("maxheld"), Number("barrier"), Number("limit"), Number("failcnt"));
    }

    private sealed class Holder : IDisposable
    {
        private readonly global::System.Diagnostics.Process _process;

        public Holder(CommandHost host, int ctid, string what, int uid)
        {
            _process = host.Start("exec2", $"{ctid}", $"exec probe {what} 600 {uid}");
            // It says what it has before it begins to wait.
            Assert.EndsWith(" 0", _process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        }

        public void Dispose()
        {
            using (var program = PidFd.TryOpen(Child()))
                program?.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        // vzctl waits for its only child.
        private int Child() => int.Parse(
            File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
