using System.Diagnostics;
using Insula.Engine.Host;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Commands;

/// <summary>What the daemon does when containers end by themselves, and what it tells of it.</summary>
public sealed class WatchTests : IDisposable
{
    private const int SignalKill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CommandHost _host = new();
    private readonly TestDaemon _daemon;

    public WatchTests() => _daemon = _host.UseDaemon();

    public void Dispose() => _host.Dispose();

    private string Hooks => Path.Combine(_host.Base, "hooks");

    [Theory]
    [InlineData("reboot")]
    [InlineData("reboot -f")]
    public void A_reboot_inside_starts_the_container_again(string command)
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var ctid = Started();
        var init = Init(ctid);
        _host.Vzctl("exec2", $"{ctid}", command);
        Await(() => Init(ctid) is { } now && now != init && Status(ctid) == "running", ctid);
        Assert.Equal(["create", "mount", "start", "reboot", "umount", "mount", "start"], KindsUntil(ctid, count: 7));
    }

    [Theory]
    [InlineData("poweroff")]
    [InlineData("poweroff -f")]
    [InlineData("halt")]
    public void Poweroff_and_halt_leave_it_stopped_and_cleaned_up(string command)
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var ctid = Started();
        _host.Vzctl("exec2", $"{ctid}", command);
        AwaitCleanedUp(ctid);
        Assert.Equal(["poweroff", "stop", "umount"], KindsUntil(ctid, count: 6)[3..]);
    }

    [Fact]
    public void An_init_that_is_killed_is_a_crash_with_its_signal_and_starts_again_only_if_it_is_to()
    {
        var ctid = Started();
        AwaitRecorded(ctid);
        TestDaemon.Signal(Init(ctid)!.Value, SignalKill);
        AwaitCleanedUp(ctid);
        Assert.Contains("crash: signal 9 (KILL)", string.Join('\n', EventsUntil(ctid, count: 6)), StringComparison.Ordinal);
        _host.Vzctl("set", $"{ctid}", "--oncrash", "restart", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        var init = Init(ctid);
        TestDaemon.Signal(init!.Value, SignalKill);
        Await(() => Init(ctid) is { } now && now != init && Status(ctid) == "running", ctid);
    }

    [Fact]
    public void A_container_that_keeps_ending_waits_before_it_starts_again_and_a_stop_ends_the_waiting()
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var ctid = Started();
        var init = Init(ctid);
        _host.Vzctl("exec2", $"{ctid}", "reboot -f");
        Await(() => Init(ctid) is { } now && now != init && Status(ctid) == "running", ctid);
        _host.Vzctl("exec2", $"{ctid}", "reboot -f");
        Await(() => Events(ctid).Any(line => line.Contains("delay: 1 s", StringComparison.Ordinal)), ctid);
        // On a slow machine the second is over, and the restart under way.
        Await(() => _host.Vzctl("stop", $"{ctid}").Code != 9, ctid);
        _host.Vzctl("destroy", $"{ctid}").Succeeds();
        Assert.DoesNotContain(_daemon.Log().Split('\n'), line => line.Contains("Error", StringComparison.Ordinal));
    }

    [Fact]
    public void A_daemon_that_is_killed_just_before_the_end_misses_nothing()
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var ctid = Started();
        AwaitWatched(ctid);
        var init = Init(ctid);
        TestDaemon.Signal(_daemon.Await().Worker, SignalKill);
        _host.Vzctl("exec2", $"{ctid}", "reboot -f");
        Await(() => Init(ctid) is { } now && now != init && Status(ctid) == "running", ctid);
    }

    [Fact]
    public void What_ended_while_no_daemon_ran_is_dealt_with_by_the_next_one()
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var reboots = Started();
        var stops = Started();
        AwaitWatched(reboots);
        AwaitWatched(stops);
        var init = Init(reboots);
        KillDaemon();
        // Commands start one again that was killed; by this they know of it.
        File.Delete(Path.Combine(_host.Base, "run/insulad"));
        _host.Vzctl("exec2", $"{reboots}", "reboot -f");
        _host.Vzctl("exec2", $"{stops}", "poweroff -f");
        Await(() => Status(reboots) == "down" && Status(stops) == "down", reboots);
        StartDaemon();
        Await(() => Init(reboots) is { } now && now != init && Status(reboots) == "running", reboots);
        AwaitCleanedUp(stops);
    }

    [Fact]
    public void A_stop_by_command_is_nothing_else_while_the_daemon_watches()
    {
        var ctid = Started();
        AwaitWatched(ctid);
        for (var round = 0; round < 5; round++)
        {
            _host.Vzctl(round % 2 == 0 ? ["stop", $"{ctid}", "--fast"] : ["stop", $"{ctid}"]).Succeeds();
            _host.Vzctl("start", $"{ctid}").Succeeds();
        }
        _host.Vzctl("restart", $"{ctid}", "--fast").Succeeds();
        Assert.Equal("running", Status(ctid));
        string[] cycle = ["stop", "umount", "mount", "start"];
        Assert.Equal(["create", "mount", "start", .. Enumerable.Repeat(cycle, 6).SelectMany(kinds => kinds)], KindsUntil(ctid, count: 27));
    }

    [Fact]
    public void Hooks_run_in_order_with_the_containers_number_and_one_that_fails_is_told_of()
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        foreach (var kind in new[] { "start", "stop", "umount", "reboot" })
            WriteHook(kind, $"echo {kind} $VEID >> {Hooks}");
        WriteHook("mount", "exit 7");
        var ctid = Started();
        var init = Init(ctid);
        _host.Vzctl("exec2", $"{ctid}", "reboot -f");
        Await(() => Init(ctid) is { } now && now != init && Status(ctid) == "running", ctid);
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        string[] expected = ["start", "reboot", "umount", "start", "stop", "umount"];
        Await(() => File.Exists(Hooks) && File.ReadAllLines(Hooks).Length == expected.Length, ctid);
        Assert.Equal(expected.Select(kind => $"{kind} {ctid}"), File.ReadAllLines(Hooks));
        Await(() => Events(ctid).Count(line => line.Contains("hook vzevent-mount: it failed with code 7", StringComparison.Ordinal)) == 2, ctid);
    }

    [Fact]
    public void A_hook_that_does_not_end_is_killed_with_what_it_has_started_and_the_next_one_runs()
    {
        var sleeper = Path.Combine(_host.Base, "sleeper");
        // The first start starts the daemon, which knows nothing of what was before it.
        var ctid = Started();
        AwaitWatched(ctid);
        WriteHook("stop", $"sleep 100000 & echo $! > {sleeper}; wait");
        WriteHook("umount", $"echo umount $VEID >> {Hooks}");
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        Await(() => File.Exists(Hooks), ctid);
        Assert.Contains(Events(ctid), line => line.Contains("hook vzevent-stop: it ran longer than 30 s and was killed", StringComparison.Ordinal));
        var pid = File.ReadAllText(sleeper).Trim();
        Await(() => !File.Exists($"/proc/{pid}/comm") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal), ctid);
    }

    [Fact]
    public void A_container_that_the_daemon_starts_again_has_not_the_daemons_limits()
    {
        Require.Feature(AccountingFeatures.BpfTracePoints);
        var ctid = Started();
        var before = Init(ctid)!.Value;
        var usual = ProcessLimits.TryRead(before, ProcessLimit.OpenFiles)!.Value;
        Assert.Equal(Errno.None, ProcessLimits.TrySet(_daemon.Await().Worker, ProcessLimit.OpenFiles, usual with { Soft = usual.Hard }));
        _host.Vzctl("exec2", $"{ctid}", "reboot");
        Await(() => Init(ctid) is { } init && init != before && Status(ctid) == "running", ctid);
        Assert.InRange(ProcessLimits.TryRead(Init(ctid)!.Value, ProcessLimit.OpenFiles)!.Value.Soft, 1UL, 1024UL);
    }

    [Fact]
    public void A_hook_that_others_can_write_is_not_run()
    {
        WriteHook("start", $"echo >> {Hooks}");
        File.SetUnixFileMode(Path.Combine(_host.Base, "etc/scripts/vzevent-start"), (UnixFileMode)0x1FF);
        var ctid = Started();
        Await(() => Events(ctid).Any(line => line.Contains("others than root may write it", StringComparison.Ordinal)), ctid);
        Assert.False(File.Exists(Hooks));
    }

    [Fact]
    public void Both_commands_show_events_and_go_on_when_the_daemon_is_replaced()
    {
        var ctid = Started();
        AwaitWatched(ctid);
        var tool = new List<string>();
        var vzctl = new List<string>();
        using var json = Follow(tool, _host.Binary, "events", "--json", $"{ctid}");
        using var monitor = Follow(vzctl, _host.Binary, "vzctl", "monitor", "0");
        try
        {
            // Until both listen.
            Await(() => Changed(ctid) && Has(tool, "\"kind\":\"set\"") && Has(vzctl, $"CT {ctid} set"), ctid);
            var (_, worker) = _daemon.Await();
            TestDaemon.Signal(worker, SignalKill);
            _daemon.Await(worker);
            _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
            Await(() => Has(tool, "\"kind\":\"umount\"") && Has(vzctl, $"CT {ctid} umount"), ctid);
            lock (tool)
                Assert.Equal(tool.Distinct(), tool);
        }
        finally
        {
            json.Kill();
            monitor.Kill();
            json.WaitForExit();
            monitor.WaitForExit();
        }
    }

    [Fact]
    public void Without_a_daemon_the_commands_say_so()
    {
        _host.Insula("events").Fails(3, "insulad does not run");
        _host.Vzctl("monitor", "0").Fails(3, "insulad does not run");
        Assert.Contains("does not run", Line(_host.Insula("check").Output, "insulad"), StringComparison.Ordinal);
        var ctid = Started();
        AwaitWatched(ctid);
        Assert.Contains("process", Line(_host.Insula("check").Output, "insulad"), StringComparison.Ordinal);
    }

    private static string Line(string text, string name) => text.Split('\n').First(line => line.Contains($" {name} ", StringComparison.Ordinal));

    private bool Changed(int ctid) => _host.Vzctl("set", $"{ctid}", "--description", Guid.NewGuid().ToString(), "--save").Code == 0;

    private static bool Has(List<string> lines, string text)
    {
        lock (lines)
            return lines.Any(line => line.Contains(text, StringComparison.Ordinal));
    }

    private Process Follow(List<string> lines, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["INSULA_CONFIG_DIR"] = Path.Combine(_host.Base, "etc");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            lock (lines)
                lines.Add(line.Data);
        };
        process.BeginOutputReadLine();
        return process;
    }

    private void WriteHook(string kind, string line)
    {
        var path = Path.Combine(_host.Base, "etc/scripts", $"vzevent-{kind}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }

    private int? Init(int ctid)
    {
        var file = Path.Combine(_host.Base, $"run/{ctid}/init");
        try
        {
            return int.Parse(File.ReadAllText(file).Split(' ')[0], null);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string Status(int ctid) => _host.Vzctl("status", $"{ctid}").Output.Trim().Split(' ')[^1];

    // What the journal holds; the daemon reads the same file.
    private List<string> Events(int ctid)
    {
        var file = Path.Combine(_host.Base, "run/events");
        return File.Exists(file)
            ? [.. File.ReadAllLines(file).Select(line => Insula.Engine.Watching.ContainerEvent.Parse(global::System.Text.Encoding.UTF8.GetBytes(line), out _))
                .Where(happened => happened?.Ctid.Value == ctid).Select(happened => happened!.ToString())]
            : [];
    }

    private List<string> EventsUntil(int ctid, int count)
    {
        Await(() => Events(ctid).Count >= count, ctid);
        return Events(ctid);
    }

    private List<string> KindsUntil(int ctid, int count)
        => [.. EventsUntil(ctid, count).Select(line => line.Split(' ')[3].TrimEnd(':'))];

    private void AwaitCleanedUp(int ctid)
        => Await(() => _host.Vzctl("status", $"{ctid}").Output.EndsWith("unmounted down\n", StringComparison.Ordinal)
            && !Directory.Exists(Path.Combine(_host.Base, $"run/{ctid}")) && !_host.CgroupsLeft().Any(path => Path.GetFileName(path) == $"{ctid}"), ctid);

    private void AwaitWatched(int ctid)
        => Await(() => new Insula.Engine.Watching.EventStream(HostLayout.Default with { RunDirectory = Path.Combine(_host.Base, "run") }).TryReadStatus() is { } status
            && global::System.Text.Json.JsonDocument.Parse(status).RootElement.GetProperty("running").EnumerateArray().Any(number => number.GetInt32() == ctid), ctid);

    // A daemon that has just been started has a process of its own turn this on.
    private void AwaitRecorded(int ctid)
    {
        if (new HostCapabilities()[AccountingFeatures.BpfTracePoints].State == FeatureState.Yes)
            Await(() => File.Exists(Path.Combine(_host.Base, "run/exits/v1_link")), ctid);
    }

    private void KillDaemon()
    {
        var (keeper, worker) = _daemon.Await();
        // Stopped first, so that neither has time to replace the other.
        foreach (var signal in new[] { 19, SignalKill })
        {
            TestDaemon.Signal(worker, signal);
            TestDaemon.Signal(keeper, signal);
        }
        Await(() => !File.Exists($"/proc/{keeper}/exe") && !File.Exists($"/proc/{worker}/exe"), keeper);
    }

    // The first start would start it, but after the first events.
    private int Started()
    {
        if (_daemon.Keeper is null)
            StartDaemon();
        Await(() => File.Exists(Path.Combine(_host.Base, "run/events")), 0);
        return _host.Container(started: true);
    }

    private void StartDaemon()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{_daemon.Program} >>{_host.Base}/insulad.log 2>&1 &"]);
        start.Environment["INSULA_CONFIG_DIR"] = Path.Combine(_host.Base, "etc");
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
        _daemon.Await();
    }

    private void Await(Func<bool> condition, int what)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(20))
        {
            if (condition())
                return;
        }
        Assert.Fail($"{what}: it did not come to it\n{string.Join('\n', Events(what))}\n{_daemon.Log()}");
    }
}
