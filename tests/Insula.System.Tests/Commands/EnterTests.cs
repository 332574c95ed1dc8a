using System.Globalization;

namespace Insula.System.Tests.Commands;

/// <summary>vzctl enter as it is used: at a terminal.</summary>
public sealed class EnterTests : IDisposable
{
    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_shell_has_a_terminal_of_the_container_with_job_control_colours_and_the_exit_code()
    {
        var ctid = _host.Container(started: true);
        using var session = new TerminalSession(_host, "enter", $"{ctid}");
        var before = session.Settings;
        Assert.True(before.Echoes);
        session.Type("echo ready-$((40 + 2))\n", "ready-42");
        session.Type("echo on-$(busybox tty)-$TERM\n", "on-/dev/pts/");
        Assert.Contains("-xterm", session.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("job control turned off", session.Shown, StringComparison.Ordinal);
        session.Type("printf '\\033[3%dmred\\033[0m' 1; echo\n", "\u001b[31mred\u001b[0m");

        session.Type("sleep 1000\n");
        session.Await(() => ForegroundOf(ctid) == "sleep", "sleep in the foreground");
        session.Type("\u001a", "Stopped");
        session.Type("jobs; echo then-$((1 + 1))\n", "then-2");
        session.Type("fg\n");
        session.Await(() => ForegroundOf(ctid) == "sleep", "sleep in the foreground again");
        session.Type("\u0003");
        session.Type("echo code-$?-$((2 + 2))\n", "code-130-4");
        session.Type("echo 'ü'$((3 + 3))\n", "ü6");

        session.Type("exit 7\n");
        Assert.Equal(7, session.End());
        Assert.Equal(before, session.Settings);
        Assert.Contains($"exited from CT {ctid}", session.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_size_of_the_window_is_that_of_the_caller_from_the_start_and_when_it_changes()
    {
        var ctid = _host.Container(started: true);
        using var session = new TerminalSession(_host, "enter", $"{ctid}");
        session.Type("size() { set -- $(busybox stty size); echo \"size=$1.$2.\"; }; size\n", "size=24.80.");
        session.Type("sh -c 'trap \"echo changed-\\$((4 + 4))\" WINCH; echo armed-$((5 + 5)); while :; do sleep 1; done'\n", "armed-10");
        session.Resize(33, 101);
        session.Await(() => session.Shown.Contains("changed-8", StringComparison.Ordinal), "the signal");
        session.Type("\u0003");
        session.Type("size\n", "size=33.101.");
        session.Type("exit\n");
        session.End();
    }

    [Fact]
    public void When_the_terminal_hangs_up_the_shell_inside_ends()
    {
        var ctid = _host.Container(started: true);
        using (var session = new TerminalSession(_host, "enter", $"{ctid}"))
        {
            session.Type("echo ready-$((40 + 2))\n", "ready-42");
            Assert.Contains("sh", Names(ctid));
        }
        Assert.True(SpinWait.SpinUntil(() => !Names(ctid).Contains("sh"), TimeSpan.FromMinutes(2)), "the shell is still there");
    }

    [Fact]
    public void A_command_is_typed_first_and_a_stopped_container_cannot_be_entered()
    {
        var ctid = _host.Container();
        _host.Vzctl("enter", $"{ctid}").Fails(31);
        _host.Vzctl("start", $"{ctid}").Succeeds();
        using var session = new TerminalSession(_host, "enter", $"{ctid}", "--exec", "echo", "typed-$((6*7));", "exit", "3");
        Assert.Equal(3, session.End());
        Assert.Contains("typed-42", session.Shown, StringComparison.Ordinal);
    }

    // Whether a process is in the foreground of its terminal: fields 5 and 8 of /proc/PID/stat, proc_pid_stat(5), behind the name.
    private string? ForegroundOf(int ctid)
    {
        foreach (var pid in Pids(ctid))
        {
            if (StatOf(pid) is not { } stat)
                continue;
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[2] == fields[5])
                return stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
        }
        return null;
    }

    private List<string> Names(int ctid) => [.. Pids(ctid).Select(StatOf).OfType<string>().Select(stat => stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')])];

    // In v2 what is entered may be in a group of its own below the container's.
    private List<int> Pids(int ctid)
    {
        var v1 = $"/sys/fs/cgroup/pids/{_host.CgroupName}/{ctid}";
        var group = Directory.Exists(v1) ? v1 : $"/sys/fs/cgroup/{_host.CgroupName}/{ctid}";
        return [.. Directory.EnumerateFiles(group, "cgroup.procs", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
    }

    private static string? StatOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null; // it has ended since
        }
    }
}
