using System.Diagnostics;
using Insula.Engine.Host;

namespace Insula.System.Tests.Commands;

public class IsolationTests
{
    [Fact]
    public void Inside_there_is_nothing_of_the_host()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        var links = host.In(ctid, "for i in 0 1 2; do readlink /proc/1/fd/$i; done; ls /proc/1/fd");
        Assert.Equal("/dev/null\n/dev/null\n/dev/null\n0\n1\n2\n", links);
        Assert.Equal("0\n", host.In(ctid, "id -u"));
        var map = host.In(ctid, "cat /proc/self/uid_map").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(("0", "65536"), (map[0], map[2]));
        Assert.NotEqual("0", map[1]);
        var mounts = host.In(ctid, "cat /proc/mounts");
        Assert.DoesNotContain("/dev/vda", mounts, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Base, mounts, StringComparison.Ordinal);
        Assert.Equal(["console", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"],
            host.In(ctid, "ls /dev").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("0::/\n", host.In(ctid, "grep ^0:: /proc/1/cgroup"));
    }

    [Fact]
    public void Nothing_of_the_host_can_be_changed_from_inside()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        var before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        var forwarding = File.ReadAllText("/proc/sys/net/ipv4/ip_default_ttl");
        foreach (var path in new[] { "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory", "/sys/kernel/uevent_helper", "/proc/sys/fs/file-max" })
            host.Vzctl("exec2", $"{ctid}", $"echo x > {path}").Fails(1);
        host.In(ctid, "echo 77 > /proc/sys/net/ipv4/ip_default_ttl");
        Assert.Equal("77\n", host.In(ctid, "cat /proc/sys/net/ipv4/ip_default_ttl"));
        Assert.Equal(forwarding, File.ReadAllText("/proc/sys/net/ipv4/ip_default_ttl"));
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
        host.Vzctl("exec2", $"{ctid}", "mknod /tmp/disk b 254 0").Fails(1);
        host.Vzctl("exec2", $"{ctid}", "mount -t cgroup none /tmp").Fails(1);
        host.Vzctl("exec2", $"{ctid}", "echo 1 > /sys/fs/cgroup/cgroup.freeze").Fails(1);
    }

    [Fact]
    public void Limits_hold_for_whatever_runs_inside()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        host.Vzctl("set", $"{ctid}", "--numproc", "20", "--ram", "32M", "--swap", "0").Succeeds();
        host.Vzctl("exec2", $"{ctid}", "for i in $(seq 40); do sleep 5 & done; exit 3");
        Assert.True(int.Parse(host.Cgroup("pids", ctid, "pids.current"), global::System.Globalization.CultureInfo.InvariantCulture) <= 20);
        // dd reads one block of this size into memory: the kernel ends it, and nothing else.
        host.Vzctl("exec2", $"{ctid}", "dd if=/dev/zero of=/dev/null bs=100M count=1").Fails(137);
        Assert.Equal($"CTID {ctid} exist mounted running\n", host.Vzctl("status", $"{ctid}").Output);
    }

    [Fact]
    public void Devices_of_the_host_come_and_go_while_the_container_runs()
    {
        using var host = new CommandHost();
        Require.Feature(StorageFeatures.Fuse);
        var ctid = host.Container(started: true);
        host.Vzctl("exec2", $"{ctid}", "test -c /dev/fuse").Fails(1);
        host.Vzctl("set", $"{ctid}", "--devnodes", "fuse:rw", "--save").Succeeds();
        host.In(ctid, "test -c /dev/fuse && exec 3<>/dev/fuse");
        host.Vzctl("restart", $"{ctid}").Succeeds();
        host.In(ctid, "test -c /dev/fuse && exec 3<>/dev/fuse");
        host.Vzctl("set", $"{ctid}", "--devnodes", "fuse:none", "--save").Succeeds();
        host.Vzctl("exec2", $"{ctid}", "test -c /dev/fuse").Fails(1);
        host.Vzctl("set", $"{ctid}", "--devnodes", "nosuch:rw").Fails(86);
    }

    [Fact]
    public void A_container_may_have_clocks_of_its_own()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        host.Vzctl("set", $"{ctid}", "--features", "time:on", "--save").Succeeds();
        var before = Stopwatch.StartNew();
        host.Vzctl("start", $"{ctid}").Succeeds();
        var uptime = double.Parse(host.In(ctid, "cat /proc/uptime").Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture);
        var ofHost = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], global::System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipUnless(ofHost > before.Elapsed.TotalSeconds + 60, "the host has only just booted");
        // Clocks are set to the second.
        Assert.InRange(uptime, 0, before.Elapsed.TotalSeconds + 1);
        Assert.Equal(host.In(ctid, "readlink /proc/1/ns/time"), host.In(ctid, "readlink /proc/self/ns/time"));
    }

    [Fact]
    public void Descriptors_of_the_caller_do_not_go_in()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        // Twenty descriptors that are not close-on-exec, as a careless caller has them.
        var opened = string.Concat(Enumerable.Range(20, 20).Select(number => $"exec {number}</etc/passwd; "));
        host.Shell($"{opened} exec {host.Binary} vzctl start {ctid}").Succeeds();
        Assert.Equal("0\n1\n2\n", host.In(ctid, "ls /proc/1/fd"));
        // 3 is the directory that ls itself has open.
        Assert.Equal("0\n1\n2\n3\n", host.Shell($"{opened} exec {host.Binary} vzctl exec2 {ctid} 'ls /proc/self/fd'").Succeeds().Output);
    }

    [Fact]
    public void The_host_s_program_cannot_be_changed_through_a_program_that_names_it()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        var before = global::System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(host.Binary));
        host.In(ctid, "printf '#!/proc/self/exe\n' > /bin/trap; chmod 755 /bin/trap");
        host.In(ctid, "(for i in $(seq 200); do for exe in /proc/[0-9]*/exe; do echo x 2>/dev/null >> $exe; done; done) >/dev/null 2>&1 &");
        for (var i = 0; i < 20; i++)
            Assert.NotEqual(0, host.Vzctl("exec3", $"{ctid}", "/bin/trap").Code);
        Assert.Equal(before, global::System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(host.Binary)));
    }

    [Fact]
    public void Containers_created_at_once_never_share_ids()
    {
        using var host = new CommandHost();
        var ctids = Enumerable.Range(0, 8).Select(_ => CommandHost.NewCtid()).ToArray();
        var creating = ctids.Select(ctid => host.Start("create", $"{ctid}", "--ostemplate", "bb")).ToArray();
        foreach (var process in creating)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }
        var bases = ctids.Select(ctid => File.ReadAllLines(host.ConfigFile(ctid)).Single(line => line.StartsWith("LOCAL_UID=", StringComparison.Ordinal)));
        Assert.Equal(8, bases.Distinct().Count());
    }
}
