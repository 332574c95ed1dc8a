using System.Diagnostics;

namespace Insula.System.Tests.Commands;

public class TrustTests
{
    private static readonly Random Moments = new(4711);

    [Fact]
    [Trait("Kernel", "any")]
    public void A_command_killed_at_any_moment_leaves_a_container_that_the_next_command_can_use()
    {
        using var host = CommandHost.WithPrograms();
        for (var round = 0; round < Repetitions.Of(25); round++)
        {
            var ctid = CommandHost.NewCtid();
            KillAfterAWhile(host, "create", $"{ctid}", "--ostemplate", "bb", "--ipadd", CommandHost.NewAddress());
            if (!host.Vzctl("status", $"{ctid}").Output.Contains(" exist ", StringComparison.Ordinal))
                host.Vzctl("create", $"{ctid}", "--ostemplate", "bb").Succeeds();
            KillAfterAWhile(host, "start", $"{ctid}");
            if (!host.Vzctl("status", $"{ctid}").Output.Contains("running", StringComparison.Ordinal))
                host.Vzctl("start", $"{ctid}").Succeeds();
            Assert.Equal("0\n", host.In(ctid, "id -u"));
            KillAfterAWhile(host, "stop", $"{ctid}", "--fast");
            host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
            if (host.Vzctl("status", $"{ctid}").Output.Contains(" mounted ", StringComparison.Ordinal))
                host.Vzctl("umount", $"{ctid}").Succeeds();
            KillAfterAWhile(host, "destroy", $"{ctid}");
            if (File.Exists(host.ConfigFile(ctid)))
                host.Vzctl("destroy", $"{ctid}").Succeeds();
            else
                host.Vzctl("create", $"{ctid}", "--ostemplate", "bb").Succeeds();
        }
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void Two_commands_on_one_container_do_not_meet()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var both = new[] { host.Start("start", $"{ctid}"), host.Start("start", $"{ctid}") };
        foreach (var process in both)
            process.WaitForExit();
        var codes = both.Select(process => process.ExitCode).Order().ToArray();
        Assert.Equal(0, codes[0]);
        Assert.Contains(codes[1], new[] { 9, 32 });
        Assert.Equal("init\n", host.In(ctid, "cat /proc/1/comm"));
    }

    [Fact]
    public void A_container_whose_init_died_is_put_in_order_by_the_next_command()
    {
        using var host = new CommandHost();
        var ctid = host.Container(true, "--ipadd", CommandHost.NewAddress());
        host.Vzctl("exec2", $"{ctid}", "poweroff -f");
        WaitFor(() => !host.Vzctl("status", $"{ctid}").Output.Contains("running", StringComparison.Ordinal));
        Assert.Contains("not running", host.Vzctl("stop", $"{ctid}").Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
        Assert.Empty(host.CgroupsLeft());
        host.Vzctl("start", $"{ctid}").Succeeds();
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void A_run_state_of_another_process_is_not_believed()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        Directory.CreateDirectory(Path.Combine(host.Base, $"run/{ctid}"));
        File.WriteAllText(Path.Combine(host.Base, $"run/{ctid}/init"), $"{Environment.ProcessId} 1 {File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}\n");
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
        host.Vzctl("start", $"{ctid}").Succeeds();
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void Run_state_that_is_lost_is_found_again()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        Directory.Delete(Path.Combine(host.Base, $"run/{ctid}"), recursive: true);
        Assert.Equal($"CTID {ctid} exist mounted running\n", host.Vzctl("status", $"{ctid}").Output);
        Assert.Equal("0\n", host.In(ctid, "id -u"));
        host.Vzctl("stop", $"{ctid}").Succeeds();
    }

    [Fact]
    public void A_container_that_waits_for_its_own_file_system_can_be_stopped()
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "needs /dev/fuse");
        using var host = new CommandHost();
        host.UseDaemon();
        var (stuck, other) = (host.Container(started: false), host.Container(started: true));
        host.Vzctl("set", $"{stuck}", "--devnodes", "fuse:rw", "--save").Succeeds();
        host.Vzctl("start", $"{stuck}").Succeeds();
        Probe.Install(host, stuck);
        host.In(stuck, "busybox mkdir -p /mnt; (/bin/probe fuse /mnt > /root/log 2>&1 &)");
        Assert.True(SpinWait.SpinUntil(() => host.In(stuck, "busybox cat /root/log").Contains("reading", StringComparison.Ordinal), TimeSpan.FromMinutes(1)), host.In(stuck, "busybox cat /root/log"));
        Assert.Contains("A FUSE file system", host.Vzctl("stop", $"{stuck}", "--fast").Succeeds().Error, StringComparison.Ordinal);
        host.Vzctl("destroy", $"{stuck}").Succeeds();
        // insulad's own is none of the container's.
        Assert.Contains("MemTotal:         262144 kB", host.In(other, "cat /proc/meminfo"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void Archives_that_are_none_are_refused_and_leave_nothing()
    {
        using var host = new CommandHost();
        var cache = Path.Combine(host.Base, "template/cache");
        File.WriteAllText(Path.Combine(cache, "rubbish.tar"), new string('x', 5000));
        File.WriteAllBytes(Path.Combine(cache, "cut.tar"), File.ReadAllBytes(Path.Combine(cache, "bb.tar"))[..100_000]);
        foreach (var name in new[] { "rubbish", "cut" })
        {
            var ctid = CommandHost.NewCtid();
            host.Vzctl("create", $"{ctid}", "--ostemplate", name).Fails(47);
            Assert.False(File.Exists(host.ConfigFile(ctid)));
        }
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Base, "private")));
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void A_full_disk_ends_a_create_and_leaves_nothing()
    {
        using var host = new CommandHost();
        var ctid = CommandHost.NewCtid();
        Mount("-t", "tmpfs", "-o", "size=512k", "none", Path.Combine(host.Base, "private"));
        try
        {
            host.Vzctl("create", $"{ctid}", "--ostemplate", "bb", "--layout", "dir").Fails(46);
            Assert.False(File.Exists(host.ConfigFile(ctid)));
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Base, "private")));
        }
        finally
        {
            Run("umount", Path.Combine(host.Base, "private"));
        }
        host.Vzctl("create", $"{ctid}", "--ostemplate", "bb", "--layout", "dir").Succeeds();
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void Rubbish_in_a_configuration_is_named_and_nothing_is_lost()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var good = File.ReadAllText(host.ConfigFile(ctid));
        File.WriteAllText(host.ConfigFile(ctid), good + "CPUUNITS=\"many\"\n");
        host.Vzctl("start", $"{ctid}").Fails(85, "CPUUNITS");
        Assert.Equal(good + "CPUUNITS=\"many\"\n", File.ReadAllText(host.ConfigFile(ctid)));
        File.WriteAllText(host.ConfigFile(ctid), good);
        host.Vzctl("start", $"{ctid}").Succeeds();
    }

    [Fact]
    public void A_mount_that_fails_in_the_container_is_named_and_the_start_taken_back()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var inTheWay = Path.Combine(host.Private(ctid), "upper/proc");
        File.WriteAllText(inTheWay, "");
        host.Vzctl("start", $"{ctid}").Fails(7, "/proc");
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
        Assert.Empty(host.CgroupsLeft());
        File.Delete(inTheWay);
        host.Vzctl("start", $"{ctid}").Succeeds();
    }

    [Fact]
    public void Cycles_leave_nothing_behind()
    {
        using var host = CommandHost.WithPrograms();
        var address = CommandHost.NewAddress();
        for (var i = 0; i < Repetitions.Of(40); i++)
        {
            var id = $"{host.Container(true, "--ipadd", address)}";
            host.Vzctl("stop", id, "--fast").Succeeds();
            host.Vzctl("destroy", id).Succeeds();
        }
        Assert.Empty(host.MountsLeft());
        Assert.Empty(host.CgroupsLeft());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Base, "run")).Select(path => Path.GetFileName(path)!).Except(CommandHost.KeptOfTheHost));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Base, "root")));
    }

    [Fact]
    [Trait("Kernel", "any")]
    public void Action_scripts_run_in_their_order_and_a_failing_one_takes_the_start_back()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var log = Path.Combine(host.Base, "scripts.log");
        foreach (var name in new[] { "vps.premount", $"{ctid}.premount", "vps.mount", $"{ctid}.mount", $"{ctid}.umount", "vps.umount", $"{ctid}.postumount", "vps.postumount" })
            Script(host, name, $"#!/bin/sh\necho {name} $VEID >> {log}\n");
        Script(host, $"{ctid}.start", "touch /started-by-script; test $(ps | grep -c init) -le 1\n");
        host.Vzctl("start", $"{ctid}").Succeeds();
        host.In(ctid, "test -f /started-by-script");
        host.Vzctl("stop", $"{ctid}").Succeeds();
        string[] expected = ["vps.premount", $"{ctid}.premount", "vps.mount", $"{ctid}.mount", $"{ctid}.umount", "vps.umount", $"{ctid}.postumount", "vps.postumount"];
        Assert.Equal(expected.Select(name => $"{name} {ctid}"), File.ReadAllLines(log));
        Script(host, $"{ctid}.start", "exit 4\n");
        host.Vzctl("start", $"{ctid}").Fails(79);
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
    }

    private static void Mount(params IReadOnlyList<string> arguments) => Run("mount", arguments);

    private static void Run(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void Script(CommandHost host, string name, string text)
    {
        var path = Path.Combine(host.Base, "etc/conf", name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }

    private static void KillAfterAWhile(CommandHost host, params IReadOnlyList<string> arguments)
    {
        using var process = host.Start(arguments);
        Thread.Sleep(Moments.Next(2, 45));
        process.Kill();
        process.WaitForExit();
    }

    private static void WaitFor(Func<bool> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition() && deadline.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(50);
        Assert.True(condition());
    }
}
