using Insula.System.Tests.Storage;

namespace Insula.System.Tests.Commands;

/// <summary>DISKSPACE and DISKINODES by each mechanism, as a container meets them.</summary>
public class DiskSpaceTests
{
    private const int Limit = 20; // MiB

    /// <summary>An installation whose private areas a mechanism can limit; the test is skipped where the kernel has no such mechanism.</summary>
    private static CommandHost HostOf(string mechanism)
    {
        switch (mechanism)
        {
            case "image":
                Assert.SkipUnless(File.Exists("/usr/sbin/mkfs.ext4"), "needs e2fsprogs");
                return new CommandHost();
            case "btrfs":
                var host = CommandHost.OnDisk("btrfs", 400, "", "-q");
                host.Insula("check", "--fix", $"{host.Base}/private").Succeeds();
                return host;
            case "ext4":
                Assert.SkipUnless(Directory.Exists("/proc/sys/fs/quota"), "this kernel has no quotas");
                return CommandHost.OnDisk("ext4", 400, "prjquota", "-q", "-O", "quota,project", "-E", "quotatype=prjquota");
            default:
                Assert.SkipUnless(Directory.Exists("/proc/sys/fs/quota"), "this kernel has no quotas");
                return CommandHost.OnDisk("xfs", 400, "prjquota", "-q");
        }
    }

    private static int Container(CommandHost host, string mechanism, bool started, string space = "20M:20M")
    {
        string[] layout = mechanism == "image" ? ["--layout", "ploop"] : [];
        return host.Container(started, [.. layout, "--diskspace", space, "--diskinodes", "4000:4000"]);
    }

    private static CommandResult Write(CommandHost host, int ctid, string file, int megabytes)
        => host.Vzctl("exec2", $"{ctid}", $"dd if=/dev/zero of={file} bs=64k count={megabytes * 16} conv=fsync status=none");

    private static long SizeOf(CommandHost host, int ctid, string file)
        => long.Parse(host.In(ctid, $"stat -c %s {file}").Trim(), global::System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("image")]
    [InlineData("btrfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Who_writes_past_the_limit_is_refused_and_the_neighbour_feels_nothing(string mechanism)
    {
        using var host = HostOf(mechanism);
        var greedy = Container(host, mechanism, started: true);
        var neighbour = Container(host, mechanism, started: true);
        var refused = Write(host, greedy, "/root/big", 2 * Limit);
        Assert.NotEqual(0, refused.Code);
        Assert.True(refused.Error.Contains("No space left", StringComparison.Ordinal) || refused.Error.Contains("quota exceeded", StringComparison.Ordinal), refused.Error);
        Assert.InRange(SizeOf(host, greedy, "/root/big"), 1 << 20, (Limit + 1) << 20);
        Write(host, neighbour, "/root/some", 5).Succeeds();
        host.In(greedy, "rm /root/big");
        Write(host, greedy, "/root/small", 2).Succeeds();
    }

    [Theory]
    [InlineData("image", 12000, Limit * 1024)]
    [InlineData("ext4", Limit * 1024, Limit * 1024)]
    [InlineData("xfs", Limit * 1024, Limit * 1024)]
    public void Df_inside_shows_the_limit(string mechanism, int least, int most)
    {
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: true);
        // "insula:101  20480  16  20464  0% /"
        var words = host.In(ctid, "busybox df -k / | tail -n 1").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(int.Parse(words[1], global::System.Globalization.CultureInfo.InvariantCulture), least, most);
        Write(host, ctid, "/root/five", 5).Succeeds();
        var after = host.In(ctid, "busybox df -k / | tail -n 1").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(int.Parse(after[2], global::System.Globalization.CultureInfo.InvariantCulture), 5 * 1024, 8 * 1024);
        Assert.Contains(after[2], host.Vzlist("-H", "-o", "diskspace", $"{ctid}").Succeeds().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void There_are_as_many_inodes_as_were_given(string mechanism)
    {
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: true);
        var result = host.Vzctl("exec2", $"{ctid}", "mkdir /root/d && cd /root/d && i=0; while [ $i -lt 6000 ] && true 2>/dev/null >$i; do i=$((i+1)); done; ls | wc -l");
        var made = int.Parse(result.Output.Trim(), global::System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(made, 3500, 4600); // mke2fs rounds up to whole groups
        Assert.InRange(int.Parse(host.Vzlist("-H", "-o", "diskinodes", $"{ctid}").Succeeds().Output.Trim(), global::System.Globalization.CultureInfo.InvariantCulture), made, made + 300);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("btrfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_limit_grows_while_the_container_runs(string mechanism)
    {
        Assert.SkipUnless(mechanism != "image" || Require.MayRaiseLimits, "ext4 grows online for who has CAP_SYS_RESOURCE only");
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: true);
        Assert.NotEqual(0, Write(host, ctid, "/root/a", 30).Code);
        host.Vzctl("set", $"{ctid}", "--diskspace", "60M", "--save").Succeeds();
        Write(host, ctid, "/root/a", 30).Succeeds();
        Assert.Contains("DISKSPACE=\"61440:61440\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal(30L << 20, SizeOf(host, ctid, "/root/a"));
    }

    [Theory]
    [InlineData("btrfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_limit_below_what_is_used_is_taken_with_a_warning_and_stops_further_growth(string mechanism)
    {
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: true);
        Write(host, ctid, "/root/a", 10).Succeeds();
        host.Shell($"sync -f {host.Base}/private").Succeeds();
        var set = host.Vzctl("set", $"{ctid}", "--diskspace", "5M", "--save").Succeeds();
        Assert.Contains("more than its new limit of 5120 KiB", set.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, Write(host, ctid, "/root/b", 2).Code);
        host.In(ctid, "rm /root/a");
        host.Shell($"sync -f {host.Base}/private").Succeeds();
        Write(host, ctid, "/root/b", 2).Succeeds();
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_soft_limit_may_be_exceeded_for_the_grace_time_and_no_longer(string mechanism)
    {
        using var host = HostOf(mechanism);
        var ctid = host.Container(started: false, "--diskspace", "10M:20M", "--diskinodes", "1000:2000");
        host.Vzctl("set", $"{ctid}", "--quotatime", "3", "--save").Succeeds();
        host.Vzctl("start", $"{ctid}").Succeeds();
        Write(host, ctid, "/root/a", 12).Succeeds();
        Assert.Contains("12", host.Vzquota("stat", $"{ctid}").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains('*', host.Vzquota("stat", $"{ctid}").Output);
        Thread.Sleep(5000);
        Assert.NotEqual(0, Write(host, ctid, "/root/b", 1).Code);
        Assert.Contains("none", host.Vzquota("stat", $"{ctid}").Output, StringComparison.Ordinal);
        host.In(ctid, "rm -f /root/a /root/b");
        Write(host, ctid, "/root/b", 1).Succeeds();
    }

    [Theory]
    [InlineData("image")]
    [InlineData("btrfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_container_that_has_filled_its_disk_can_be_started_again(string mechanism)
    {
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: true);
        Assert.NotEqual(0, Write(host, ctid, "/root/big", 2 * Limit).Code);
        host.Vzctl("exec2", $"{ctid}", "i=0; mkdir /root/d; while [ $i -lt 6000 ] && touch /root/d/$i 2>/dev/null; do i=$((i+1)); done");
        for (var round = 0; round < 2; round++)
        {
            host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
            host.Vzctl("mount", $"{ctid}").Succeeds();
            host.Vzctl("umount", $"{ctid}").Succeeds();
            host.Vzctl("start", $"{ctid}").Succeeds();
            Assert.NotEqual(0, Write(host, ctid, "/root/more", 3).Code);
        }
    }

    [Fact]
    public void Without_grace_a_soft_limit_is_a_hard_one()
    {
        using var host = HostOf("btrfs");
        var ctid = host.Container(started: false, "--diskspace", "10M:20M");
        host.Vzctl("set", $"{ctid}", "--quotatime", "0", "--save").Succeeds();
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.NotEqual(0, Write(host, ctid, "/root/a", 15).Code);
    }

    [Fact]
    public void A_host_without_a_mechanism_says_so_and_stores()
    {
        using var host = new CommandHost(point => LoopDisk.Mounted("ext4", 64, point, "", "-q"));
        var ctid = CommandHost.NewCtid();
        var created = host.Vzctl("create", $"{ctid}", "--ostemplate", "bb", "--diskspace", "10M:11M", "--diskinodes", "100:200").Succeeds();
        Assert.Contains("DISKSPACE and DISKINODES are stored and not enforced: the file system of ", created.Error, StringComparison.Ordinal);
        Assert.Contains("DISKSPACE=\"10240:11264\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        Assert.Contains("not enforced", host.Vzctl("set", $"{ctid}", "--diskspace", "12M", "--save").Succeeds().Error, StringComparison.Ordinal);
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Contains("not enforced", host.Vzctl("set", $"{ctid}", "--diskspace", "13M", "--save").Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal("-\n", host.Vzlist("-H", "-o", "diskspace", $"{ctid}").Output.TrimStart());
        host.Vzquota("stat", $"{ctid}").Fails(6, "Quota is not running");
        host.Vzctl("quotaon", $"{ctid}").Fails(60, "has no disk quota on this host");
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        host.Vzctl("quotainit", $"{ctid}").Fails(61, "has no disk quota on this host");
        host.Vzctl("quotaoff", $"{ctid}").Fails(66);
    }

    [Fact]
    public void A_soft_limit_above_the_hard_one_is_refused_and_nothing_is_changed()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        var saved = File.ReadAllText(host.ConfigFile(ctid));
        foreach (var bad in new[] { "2G:1G", "unlimited", "-1", "x", "" })
            host.Vzctl("set", $"{ctid}", "--diskspace", bad, "--save").Fails(21);
        Assert.Equal(saved, File.ReadAllText(host.ConfigFile(ctid)));
        host.Vzctl("create", $"{CommandHost.NewCtid()}", "--ostemplate", "bb", "--layout", "image").Fails(63, "an image needs a size");
        Assert.Single(Directory.GetDirectories($"{host.Base}/private"));
    }

    [Theory]
    [InlineData("btrfs")]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Vzquota_works_on_what_vzctl_has_turned_on(string mechanism)
    {
        using var host = HostOf(mechanism);
        var ctid = Container(host, mechanism, started: false);
        host.Vzquota("show", $"{ctid}").Fails(11);
        host.Vzctl("start", $"{ctid}").Succeeds();
        // A group of btrfs has only the hard limit.
        Assert.Contains(mechanism == "btrfs" ? "20480" : "20480          20480", host.Vzquota("stat", $"{ctid}").Succeeds().Output, StringComparison.Ordinal);
        host.Vzquota("on", $"{ctid}").Fails(5);
        host.Vzquota("drop", $"{ctid}").Fails(5);
        host.Vzquota("setlimit", $"{ctid}", "-b", "3072", "-B", "3072").Succeeds();
        Assert.NotEqual(0, Write(host, ctid, "/root/a", 8).Code);
        host.Vzquota("off", $"{ctid}").Succeeds();
        Write(host, ctid, "/root/a", 8).Succeeds();
        host.Vzquota("stat", $"{ctid}").Fails(6);
        host.Vzquota("on", $"{ctid}", "-b", "20000", "-B", "20480").Succeeds();
        Assert.Contains("          20480", host.Vzquota("show", $"{ctid}").Succeeds().Output, StringComparison.Ordinal);
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        host.Vzquota("stat", $"{ctid}").Fails(6);
        host.Vzquota("show", $"{ctid}").Succeeds();
        host.Vzquota("init", $"{ctid}", "-p", "/nowhere", "-b", "1", "-B", "1", "-i", "1", "-I", "1", "-e", "1", "-n", "1").Fails(2, "is not the private area");
        host.Vzquota("init", $"{ctid}", "-p", host.Private(ctid), "-b", "9", "-B", "9", "-i", "9", "-I", "9", "-e", "1", "-n", "1").Succeeds();
        host.Vzquota("drop", $"{ctid}").Succeeds();
        host.Vzquota("show", $"{ctid}").Fails(11);
    }
}
