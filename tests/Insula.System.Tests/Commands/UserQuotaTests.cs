using System.Globalization;
using Insula.Linux.Probes;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Commands;

/// <summary>Limits of users and groups in a container, set and seen by the standard quota tools, in it and on the host.</summary>
public sealed class UserQuotaTests : IDisposable
{
    private const int Bob = 1000;

    private readonly CommandHost _host = new();
    private readonly TestDaemon _daemon;

    public UserQuotaTests()
    {
        _daemon = _host.UseDaemon();
        Assert.SkipUnless(File.Exists("/usr/sbin/mkfs.ext4"), "needs e2fsprogs");
        Assert.SkipUnless(QuotaControl.HasFormat, "this kernel has no quota format");
        Assert.SkipUnless(KernelProbes.Ask(KernelProbe.SeccompListener) == Errno.EFAULT, "this kernel's filters cannot ask (Linux 5.19)");
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Root_inside_limits_a_user_by_setquota_and_sees_him_by_repquota()
    {
        var ctid = Container();
        _host.In(ctid, "/usr/sbin/setquota -u bob 1000 2000 30 40 -a");
        Assert.Equal(["bob", "--", "4", "1000", "2000", "1", "30", "40"], Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob"));
        var refused = Write(ctid, "/home/bob/big", 4);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("quota exceeded", refused.Error, StringComparison.Ordinal);
        var row = Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob");
        Assert.Equal("+-", row[1]);
        Assert.InRange(Number(row[2]), 1001, 2000);
        // His directory is one block and one inode.
        Assert.Equal((Number(row[2]) - 4) * 1024L, long.Parse(_host.In(ctid, "stat -c %b /home/bob/big").Trim(), CultureInfo.InvariantCulture) * 512);
        var files = _host.Vzctl("exec2", $"{ctid}", "busybox su bob -c 'for i in $(busybox seq 60); do busybox touch /home/bob/f$i || exit 9; done'");
        Assert.Equal(9, files.Code);
        // Space and inodes are above their soft limits: "bob ++ 2000 1000 2000 7days 40 30 40 7days".
        Assert.Equal(["40", "30", "40"], Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob")[6..9]);
        _host.In(ctid, "/usr/sbin/setquota -u bob 0 0 0 0 -a");
        Write(ctid, "/home/bob/big", 4).Succeeds();
    }

    [Fact]
    public void Groups_grace_times_and_restarts()
    {
        var ctid = Container();
        _host.In(ctid, "/usr/sbin/setquota -g team 3000 4000 0 0 -a; /usr/sbin/setquota -u bob 50 60 7 8 -a; /usr/sbin/setquota -t -g 3600 7200 -a");
        _host.Vzctl("restart", $"{ctid}").Succeeds();
        var report = _host.In(ctid, "/usr/sbin/repquota -ag");
        Assert.Contains("Block grace time: 01:00; Inode grace time: 02:00", report, StringComparison.Ordinal);
        Assert.Equal(["3000", "4000"], Row(report, "team")[3..5]);
        Assert.Equal(["50", "60"], Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob")[3..5]);
    }

    [Fact]
    public void A_user_sees_himself_and_nobody_else_and_sets_nothing()
    {
        var ctid = Container();
        _host.In(ctid, "/usr/sbin/setquota -u bob 1000 2000 0 0 -a; /usr/sbin/setquota -g team 3000 4000 0 0 -a");
        Assert.Contains("2000", AsBob(ctid, "/usr/bin/quota -w").Output, StringComparison.Ordinal);
        Assert.Contains("4000", AsBob(ctid, "/usr/bin/quota -wg").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2000", AsBob(ctid, "/usr/bin/quota -w root").Output, StringComparison.Ordinal);
        Assert.NotEqual(0, AsBob(ctid, "/usr/sbin/setquota -u bob 0 0 0 0 -a").Code);
        Assert.DoesNotContain("bob ", AsBob(ctid, "/usr/sbin/repquota -au").Output, StringComparison.Ordinal);
        // Root of a namespace of his own is not the container's.
        var user = AsBob(ctid, "busybox unshare -U -r /usr/sbin/setquota -u 0 0 0 0 0 -a");
        Assert.NotEqual(0, user.Code);
        Assert.Equal(["1000", "2000"], Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob")[3..5]);
    }

    [Fact]
    public void Ids_are_the_containers_own_and_the_host_sees_the_same()
    {
        var (ctid, other) = (Container(), Container());
        _host.In(ctid, "/usr/sbin/setquota -u bob 1000 2000 0 0 -a");
        Assert.DoesNotContain('#', _host.In(ctid, "/usr/sbin/repquota -au"));
        Assert.Equal(["0", "0"], Row(_host.In(other, "/usr/sbin/repquota -au"), "bob")[3..5]);
        Assert.Contains("2000", _host.Vzquota("stat", $"{ctid}", "-t").Succeeds().Output, StringComparison.Ordinal);
        var point = Path.Combine(_host.Private(ctid), "fs");
        var hostId = Bob + uint.Parse(
            File.ReadLines(_host.ConfigFile(ctid)).Single(line => line.StartsWith("LOCAL_UID=", StringComparison.Ordinal)).Split('"')[1], CultureInfo.InvariantCulture);
        Assert.Equal(["1000", "2000"], Row(_host.Shell($"repquota -un {point}").Succeeds().Output, $"#{hostId}")[3..5]);
        _host.Shell($"setquota -u {hostId} 500 600 0 0 {point}").Succeeds();
        Assert.Equal(["500", "600"], Row(_host.In(ctid, "/usr/sbin/repquota -au"), "bob")[3..5]);
    }

    [Fact]
    public void What_shows_the_image_gives_no_way_into_it()
    {
        var ctid = Container();
        var device = _host.In(ctid, "busybox sed -n 's/ .run.insula-quota .*//p' /proc/mounts").Trim();
        Assert.StartsWith("/dev/loop", device, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            $"busybox head -c 1 {device}", $": > {device}", "busybox touch /run/insula-quota/file", "busybox mount -o remount,rw,bind /run/insula-quota && busybox touch /run/insula-quota/file",
            $"busybox mount -t ext4 {device} /mnt",
        })
            Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", line).Code);
        Assert.Equal("", _host.In(ctid, "busybox ls -A /run/insula-quota"));
        // Not on the container's own: switching off, and other file systems.
        Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", "/usr/sbin/quotaoff -a").Code);
        Assert.Equal(["0", "0"], Row(_host.In(ctid, "/usr/sbin/setquota -u bob 0 0 0 0 -a; /usr/sbin/repquota -au"), "bob")[3..5]);
    }

    [Fact]
    public void A_daemon_that_dies_fails_nobody_who_asks()
    {
        const int signalKill = 9;
        var ctid = Container();
        _host.In(ctid, "/usr/sbin/setquota -u bob 1000 2000 0 0 -a");
        using var asking = _host.Start("exec2", $"{ctid}", "busybox rm -f /tmp/end; until test -e /tmp/end; do /usr/sbin/repquota -au >/tmp/report && busybox grep -q 'bob .*2000' /tmp/report || exit 9; done");
        var (_, worker) = _daemon.Await();
        for (var i = 0; i < Repetitions.Of(40) / 4 + 1; i++)
        {
            Thread.Sleep(100);
            TestDaemon.Signal(worker, signalKill);
            (_, worker) = _daemon.Await(worker);
        }
        _host.In(ctid, ": > /tmp/end");
        asking.WaitForExit();
        Assert.Equal(0, asking.ExitCode);
    }

    [Fact]
    public void Without_quotas_of_users_the_container_has_none()
    {
        var ctid = _host.Container(started: true, "--layout", "ploop", "--diskspace", "40M:40M");
        HostProgram.Install(_host, ctid, "setquota");
        Assert.Equal("", _host.In(ctid, "busybox ls -d /run/insula-quota 2>/dev/null || true"));
        Assert.NotEqual(0, _host.Vzctl("exec2", $"{ctid}", "/usr/sbin/setquota -u 1000 1 2 0 0 -a").Code);
    }

    private int Container()
    {
        var ctid = _host.Container(started: false, "--layout", "ploop", "--diskspace", "60M:60M");
        _host.Vzctl("set", $"{ctid}", "--quotaugidlimit", "100", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        foreach (var program in new[] { "setquota", "repquota", "quotaoff", "quota" })
            HostProgram.Install(_host, ctid, program);
        _host.In(ctid, $"echo bob:x:{Bob}:{Bob}::/home/bob:/bin/sh >> /etc/passwd; echo team:x:{Bob}: >> /etc/group; busybox mkdir -p /home/bob /tmp /mnt; busybox chown {Bob}:{Bob} /home/bob");
        _host.In(ctid, "busybox chmod 1777 /tmp");
        return ctid;
    }

    private CommandResult Write(int ctid, string file, int megabytes)
        => AsBob(ctid, $"busybox dd if=/dev/zero of={file} bs=64k count={megabytes * 16}");

    private CommandResult AsBob(int ctid, string line) => _host.Vzctl("exec2", $"{ctid}", $"busybox su bob -c '{line}'");

    // "bob       --       0    1000    2000              0    30    40       "
    private static string[] Row(string report, string name)
        => report.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(words => words.FirstOrDefault() == name);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
