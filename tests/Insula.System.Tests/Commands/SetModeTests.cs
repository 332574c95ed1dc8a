using System.Globalization;
using System.Text.Json;

namespace Insula.System.Tests.Commands;

/// <summary>What --setmode does about parameters that a running container cannot change, and what --wait waits for.</summary>
[Trait("Kernel", "any")]
public sealed class SetModeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Ignore_refuses_the_whole_command_and_restart_restarts_with_all_of_it()
    {
        var ctid = _host.Container(started: true);
        var (before, first) = (File.ReadAllText(_host.ConfigFile(ctid)), InitOf(ctid));
        _host.Vzctl("set", $"{ctid}", "--numsiginfo", "50", "--numproc", "60", "--setmode", "ignore", "--save").Fails(32, "cannot be changed on a running container");
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.Equal("100", _host.Cgroup("pids", ctid, "pids.max"));
        _host.Vzctl("set", $"{ctid}", "--numsiginfo", "50", "--numproc", "60", "--setmode", "restart").Fails(20, "needs --save");
        Assert.Equal(("100", first), (_host.Cgroup("pids", ctid, "pids.max"), InitOf(ctid)));

        var restarted = _host.Vzctl("set", $"{ctid}", "--numsiginfo", "50", "--numproc", "60", "--setmode", "restart", "--save").Succeeds();
        Assert.Contains("Container was stopped", restarted.Output, StringComparison.Ordinal);
        Assert.NotEqual(first, InitOf(ctid));
        Assert.Equal("60", _host.Cgroup("pids", ctid, "pids.max"));
        Assert.Equal(50, LimitOf(ctid, "numsiginfo"));
    }

    [Fact]
    public void Neither_mode_matters_to_what_can_be_changed_while_the_container_runs()
    {
        var ctid = _host.Container(started: true);
        var first = InitOf(ctid);
        _host.Vzctl("set", $"{ctid}", "--numproc", "61", "--setmode", "ignore", "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--numproc", "62", "--setmode", "restart", "--save").Succeeds();
        Assert.Equal(("62", first), (_host.Cgroup("pids", ctid, "pids.max"), InitOf(ctid)));
    }

    [Fact]
    public void A_start_that_waits_returns_when_the_init_has_brought_the_container_up()
    {
        var ctid = WithRunLevels();
        using var start = _host.Start("start", $"{ctid}", "--wait");
        Await(() => _host.Vzctl("status", $"{ctid}").Output.Contains("running", StringComparison.Ordinal));
        // It asks inside, again and again: when it has asked twice it has not taken the first answer for the end.
        Await(() => File.Exists(Asked(ctid)) && File.ReadAllLines(Asked(ctid)).Length > 1);
        Assert.False(start.HasExited);
        _host.In(ctid, "touch /ready");
        Assert.True(start.WaitForExit(Patience));
        Assert.Equal(0, start.ExitCode);
    }

    [Fact]
    public void A_container_that_ends_while_its_start_is_waited_for_is_told_by_the_code()
    {
        var ctid = WithRunLevels();
        using var start = _host.Start("start", $"{ctid}", "--wait");
        Await(() => File.Exists(Asked(ctid)));
        _host.Vzctl("exec", $"{ctid}", "poweroff -f");
        Assert.True(start.WaitForExit(Patience));
        Assert.Equal(133, start.ExitCode);
    }

    // An init that tells its run level as sysvinit does: none until there is a file /ready.
    private int WithRunLevels()
    {
        var ctid = _host.Container();
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(_host.Private(ctid), "upper/bin")).FullName, "runlevel");
        File.WriteAllText(program, "#!/bin/sh\necho asked >> /asked\nif [ -e /ready ]; then echo N 2; else echo unknown; fi\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        return ctid;
    }

    private string Asked(int ctid) => Path.Combine(_host.Private(ctid), "upper/asked");

    private string InitOf(int ctid) => File.ReadAllText(Path.Combine(_host.Base, $"run/{ctid}/init"));

    private long LimitOf(int ctid, string resource)
    {
        using var json = JsonDocument.Parse(_host.Vzubc("--json", ctid.ToString(CultureInfo.InvariantCulture)).Succeeds().Output);
        return json.RootElement[0].GetProperty("beancounters").GetProperty(resource).GetProperty("limit").GetInt64();
    }

    private static void Await(Func<bool> condition)
    {
        var waited = global::System.Diagnostics.Stopwatch.StartNew();
        while (!condition() && waited.Elapsed < Patience)
            Thread.Sleep(50);
        Assert.True(condition());
    }
}
