namespace Insula.System.Tests.Commands;

public class LifeCycleTests
{
    [Fact]
    public void A_container_is_created_started_stopped_and_destroyed()
    {
        using var host = CommandHost.WithPrograms();
        var ctid = CommandHost.NewCtid();
        Assert.Equal($"CTID {ctid} deleted unmounted down\n", host.Vzctl("status", $"{ctid}").Succeeds().Output);
        host.Vzctl("create", $"{ctid}", "--ostemplate", "bb", "--hostname", "one").Succeeds();
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Succeeds().Output);
        var config = File.ReadAllText(host.ConfigFile(ctid));
        foreach (var key in new[] { "ORIGIN_SAMPLE=\"small\"", "OSTEMPLATE=\"bb\"", "VE_ROOT=", "VE_PRIVATE=", "LOCAL_UID=", "LOCAL_GID=" })
            Assert.Contains(key, config, StringComparison.Ordinal);
        var start = host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("Starting container...\nContainer is mounted\nContainer start in progress...\n", start.Output);
        Assert.Equal($"CTID {ctid} exist mounted running\n", host.Vzctl("status", $"{ctid}").Succeeds().Output);
        Assert.Equal("one\n", host.In(ctid, "hostname"));
        var stop = host.Vzctl("stop", $"{ctid}").Succeeds();
        Assert.Equal("Stopping container ...\nContainer was stopped\nContainer is unmounted\n", stop.Output);
        host.Vzctl("destroy", $"{ctid}").Succeeds();
        Assert.True(File.Exists(host.ConfigFile(ctid) + ".destroyed"));
        Assert.Equal($"CTID {ctid} deleted unmounted down\n", host.Vzctl("status", $"{ctid}").Succeeds().Output);
    }

    [Fact]
    public void Commands_that_do_not_fit_the_state_are_refused_with_their_codes()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var id = $"{ctid}";
        host.Vzctl("start", "39999").Fails(14);
        host.Vzctl("create", id, "--ostemplate", "bb").Fails(44);
        host.Vzctl("create", $"{CommandHost.NewCtid()}", "--ostemplate", "nosuch").Fails(91);
        host.Vzctl("umount", id).Fails(40);
        Assert.Contains("Unable to stop: container is not running", host.Vzctl("stop", id).Succeeds().Error, StringComparison.Ordinal);
        host.Vzctl("exec", id, "true").Fails(31);
        host.Vzctl("mount", id).Succeeds();
        Assert.Contains("Container is already mounted", host.Vzctl("mount", id).Succeeds().Output, StringComparison.Ordinal);
        host.Vzctl("destroy", id).Fails(41);
        host.Vzctl("umount", id).Succeeds();
        host.Vzctl("set", id, "--disabled", "yes", "--save").Succeeds();
        host.Vzctl("start", id).Fails(105);
        host.Vzctl("start", id, "--force").Succeeds();
        host.Vzctl("start", id, "--force").Fails(32);
        host.Vzctl("destroy", id).Fails(32);
        host.Vzctl("umount", id).Fails(32);
        host.Vzctl("set", id, "--name", "x").Fails(131);
        host.Vzctl("set", id, "--hostname", "-bad-").Fails(70);
        host.Vzctl("set", id, "--cpuunits", "7").Fails(21);
    }

    [Fact]
    public void Exit_codes_of_programs_come_back_as_each_verb_promises()
    {
        using var host = new CommandHost();
        var id = $"{host.Container(started: true)}";
        host.Vzctl("exec", id, "exit 5").Fails(8);
        host.Vzctl("exec2", id, "exit 5").Fails(5);
        host.Vzctl("exec3", id, "sh", "-c", "exit 6").Fails(6);
        host.Vzctl("exec3", id, "nosuchprogram").Fails(127);
        host.Vzctl("exec3", id, "/etc/passwd").Fails(126);
        host.Vzctl("exec2", id, "kill -9 $$").Fails(137);
        Assert.Equal("from stdin\n", host.VzctlFed("echo from stdin\n", "exec2", id, "-").Succeeds().Output);
        Assert.Equal("fed\n", host.VzctlFed("fed\n", "exec3", id, "cat").Succeeds().Output);
        Assert.Equal("a  b\n", host.Vzctl("exec3", id, "echo", "a  b").Succeeds().Output);
    }

    [Fact]
    public void Parameters_change_while_the_container_runs_and_stay_when_saved()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        var id = $"{ctid}";
        host.Vzctl("set", id, "--hostname", "two.example.org", "--ram", "64M", "--swap", "0", "--numproc", "30", "--cpulimit", "50", "--cpus", "1", "--nameserver", "192.0.2.53", "--description", "a \"b\" $c", "--save").Succeeds();
        Assert.Equal("two.example.org\n", host.In(ctid, "hostname"));
        Assert.Contains("nameserver 192.0.2.53", host.In(ctid, "cat /etc/resolv.conf"), StringComparison.Ordinal);
        Assert.Equal("1\n", host.In(ctid, "nproc"));
        Assert.Equal("30", host.Cgroup("pids", ctid, "pids.max"));
        Assert.Contains("HOSTNAME=\"two.example.org\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        Assert.Contains("16384", host.Vzlist("-H", "-o", "physpages.l", id).Succeeds().Output, StringComparison.Ordinal);
        Assert.Equal("a \"b\" $c", host.Vzlist("-H", "-o", "description", id).Succeeds().Output.Trim());
        host.Vzctl("set", id, "--name", "zwei", "--save").Succeeds();
        Assert.Equal($"CTID {id} exist mounted running\n", host.Vzctl("status", "zwei").Succeeds().Output);
        host.Vzctl("restart", "zwei").Succeeds();
        Assert.Equal("two.example.org\n", host.In(ctid, "hostname"));
        Assert.Equal("30", host.Cgroup("pids", ctid, "pids.max"));
    }

    [Fact]
    public void What_is_not_saved_is_gone_after_a_restart()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        Assert.Contains("will be lost after CT restart", host.Vzctl("set", $"{ctid}", "--numproc", "40").Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal("40", host.Cgroup("pids", ctid, "pids.max"));
        host.Vzctl("restart", $"{ctid}").Succeeds();
        Assert.Equal("100", host.Cgroup("pids", ctid, "pids.max"));
    }

    [Fact]
    public void A_sample_is_applied_and_beancounters_are_reset()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        File.WriteAllText(Path.Combine(host.Base, "etc/conf/ve-big.conf-sample"), "PHYSPAGES=\"0:131072\"\nSWAPPAGES=\"0:0\"\nNUMPROC=\"200\"\nHOSTNAME=\"other\"\n");
        host.Vzctl("set", $"{ctid}", "--applyconfig", "nosuch", "--save").Fails(109);
        host.Vzctl("set", $"{ctid}", "--applyconfig", "big", "--save").Succeeds();
        Assert.Equal("200", host.Cgroup("pids", ctid, "pids.max"));
        Assert.NotEqual("other\n", host.In(ctid, "hostname"));
        host.Vzctl("set", $"{ctid}", "--numproc", "50").Succeeds();
        host.Vzctl("set", $"{ctid}", "--reset_ub", "--numproc", "5").Fails(20);
        host.Vzctl("set", $"{ctid}", "--reset_ub").Succeeds();
        Assert.Equal("200", host.Cgroup("pids", ctid, "pids.max"));
    }

    [Fact]
    public void A_set_that_fails_half_way_changes_nothing()
    {
        using var host = new CommandHost();
        var address = CommandHost.NewAddress();
        host.Container(started: true, "--ipadd", address);
        var second = host.Container(started: true);
        host.Vzctl("set", $"{second}", "--numproc", "50", "--ipadd", address, "--save").Fails(78);
        Assert.Equal("100", host.Cgroup("pids", second, "pids.max"));
        Assert.DoesNotContain(address, File.ReadAllText(host.ConfigFile(second)), StringComparison.Ordinal);
        Assert.DoesNotContain("venet0", host.In(second, "ip link"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_runs_in_a_running_and_in_a_stopped_container()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var script = Path.Combine(host.Base, "script.sh");
        File.WriteAllText(script, "echo pid $$ of $(hostname); exit 3\n");
        Assert.StartsWith("pid 1 of", host.Vzctl("--quiet", "runscript", $"{ctid}", script).Fails(3).Output, StringComparison.Ordinal);
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
        // Whose terminal it is, no process of a container gets.
        var terminal = Path.Combine(host.Base, "terminal.sh");
        File.WriteAllText(terminal, "test -t 1 || test -t 2 || echo no terminal\n");
        using (var session = new TerminalSession(host, "--quiet", "runscript", $"{ctid}", terminal))
        {
            Assert.Equal(0, session.End());
            Assert.Contains("no terminal", session.Shown);
        }
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.DoesNotContain("pid 1 of", host.Vzctl("--quiet", "runscript", $"{ctid}", script).Fails(3).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_area_of_an_OpenVZ_host_runs_as_it_is()
    {
        using var host = new CommandHost();
        var donor = host.Container(false, "--layout", "dir");
        var ctid = CommandHost.NewCtid();
        Directory.Move(host.Private(donor), host.Private(ctid));
        File.WriteAllText(host.ConfigFile(ctid), $"# from the old host\nPHYSPAGES=\"0:65536\"\nSWAPPAGES=\"0:0\"\nVE_LAYOUT=\"simfs\"\nOSTEMPLATE=\"centos-6-x86\"\nVE_PRIVATE=\"{host.Base}/private/$VEID\"\n#UUID: 1234\n");
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("0\n", host.In(ctid, "stat -c %u /bin/busybox"));
        host.In(ctid, "touch /made-inside");
        Assert.Equal(0u, OwnerOf(Path.Combine(host.Private(ctid), "made-inside")));
        Assert.EndsWith("#UUID: 1234\n", Sorted(File.ReadAllText(host.ConfigFile(ctid))), StringComparison.Ordinal);
        Directory.CreateDirectory(host.Private(donor));
    }

    private static string Sorted(string text) => string.Join('\n', text.TrimEnd('\n').Split('\n').OrderBy(line => line == "#UUID: 1234")) + "\n";

    private static uint OwnerOf(string path)
    {
        Assert.True(Insula.Linux.FileTrees.FileStatus.TryGet(path, out var status) >= 0);
        return status.Uid;
    }
}
