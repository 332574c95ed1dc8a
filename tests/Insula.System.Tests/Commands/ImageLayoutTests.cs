using System.Globalization;
using Insula.Linux.BlockDevices;
using Insula.System.Tests.Storage;

namespace Insula.System.Tests.Commands;

/// <summary>Containers whose changes are in a disk image of their own.</summary>
public class ImageLayoutTests
{
    private const int MoreStepsThanAnyOperationHas = 40;

    private static int Create(CommandHost host, bool started = false, string size = "32M")
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/mkfs.ext4"), "needs e2fsprogs");
        return host.Container(started, "--layout", "image", "--diskspace", size, "--diskinodes", "2000");
    }

    private static IReadOnlyList<BlockDevice> Loops(CommandHost host, int ctid) => LoopDevice.FindAll($"{host.Private(ctid)}/image", new BlockDeviceTable());

    // Another container that is just starting has a copy of the host's mounts for a moment, and the device lives as long as that.
    private static void AssertGone(CommandHost host, int ctid)
    {
        for (var attempt = 0; attempt < 200 && Loops(host, ctid).Count > 0; attempt++)
            Thread.Sleep(50);
        Assert.Empty(Loops(host, ctid));
    }

    private static long BytesOnDisk(string path) => long.Parse(LoopDisk.Run("stat", "-c", "%b", path).Trim(), CultureInfo.InvariantCulture) * 512;

    [Fact]
    public void Creating_one_copies_nothing_and_its_disk_holds_next_to_nothing()
    {
        using var host = new CommandHost();
        var ctid = Create(host, size: "1G");
        Assert.Equal(1L << 30, new FileInfo($"{host.Private(ctid)}/image").Length);
        Assert.InRange(BytesOnDisk($"{host.Private(ctid)}/image"), 1, 8 << 20);
        AssertGone(host, ctid);
        Assert.Contains("VE_LAYOUT=\"image\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        Assert.Equal("image\n", host.Vzlist("-H", "-o", "layout", $"{ctid}").Output.TrimStart());
    }

    [Fact]
    public void Its_device_comes_with_the_mount_and_goes_with_it()
    {
        using var host = new CommandHost();
        var ctid = Create(host, started: true);
        Assert.Single(Loops(host, ctid));
        host.In(ctid, "echo kept > /root/file");
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        AssertGone(host, ctid);
        host.Vzctl("mount", $"{ctid}").Succeeds();
        Assert.Equal("kept\n", File.ReadAllText($"{host.Root(ctid)}/root/file"));
        host.Vzctl("umount", $"{ctid}").Succeeds();
        AssertGone(host, ctid);
        host.Vzctl("destroy", $"{ctid}").Succeeds();
        Assert.False(Directory.Exists(host.Private(ctid)));
    }

    [Fact]
    public void A_start_killed_at_any_step_leaves_nothing_after_the_next_command()
    {
        using var host = new CommandHost();
        var ctid = Create(host);
        var steps = 0;
        for (var step = 1; step < MoreStepsThanAnyOperationHas; step++, steps++)
        {
            if (host.VzctlWith([("INSULA_FAULT", $"kill:{step}")], "start", $"{ctid}").Code == 0)
                break;
            if (step % 2 == 0)
                host.Vzctl("umount", $"{ctid}");
            else
                host.Vzctl("start", $"{ctid}").Succeeds();
            host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
            host.Vzctl("umount", $"{ctid}");
            AssertGone(host, ctid);
            Assert.Empty(host.MountsLeft());
        }
        Assert.InRange(steps, 5, MoreStepsThanAnyOperationHas - 2);
    }

    [Fact]
    public void A_container_destroyed_after_a_killed_mount_leaves_no_device()
    {
        using var host = new CommandHost();
        for (var step = 1; step < MoreStepsThanAnyOperationHas; step++)
        {
            var ctid = Create(host);
            var broken = host.VzctlWith([("INSULA_FAULT", $"kill:{step}")], "mount", $"{ctid}");
            host.Vzctl("umount", $"{ctid}");
            host.Vzctl("destroy", $"{ctid}").Succeeds();
            AssertGone(host, ctid);
            if (broken.Code == 0)
                return;
        }
        Assert.Fail("a mount has more steps than that?");
    }

    [Fact]
    public void It_grows_while_it_is_stopped_and_a_refusal_changes_nothing()
    {
        using var host = new CommandHost();
        var ctid = Create(host, started: true);
        var length = new FileInfo($"{host.Private(ctid)}/image").Length;
        var saved = File.ReadAllText(host.ConfigFile(ctid));
        var online = host.Vzctl("set", $"{ctid}", "--diskspace", "64M", "--save");
        if (online.Code != 0)
        {
            online.Fails(154, "Unable to enlarge");
            Assert.Equal(saved, File.ReadAllText(host.ConfigFile(ctid)));
            Assert.Equal(length, new FileInfo($"{host.Private(ctid)}/image").Length);
        }
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        host.Vzctl("set", $"{ctid}", "--diskspace", "96M", "--save").Succeeds();
        host.Vzctl("start", $"{ctid}").Succeeds();
        host.In(ctid, "dd if=/dev/zero of=/root/a bs=1M count=60 conv=fsync status=none");
    }

    [Fact]
    public void It_shrinks_while_it_is_stopped_and_not_below_what_is_in_it()
    {
        using var host = new CommandHost();
        var ctid = Create(host, started: true, size: "64M");
        host.In(ctid, "dd if=/dev/zero of=/root/a bs=1M count=20 conv=fsync status=none");
        var saved = File.ReadAllText(host.ConfigFile(ctid));
        host.Vzctl("set", $"{ctid}", "--diskspace", "40M", "--save").Fails(154, "can shrink only while it is not mounted");
        host.Vzctl("set", $"{ctid}", "--diskspace", "80M").Fails(20, "needs --save");
        host.Vzctl("set", $"{ctid}", "--diskspace", "40M", "--save", "--offline-resize").Fails(21);
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        host.Vzctl("set", $"{ctid}", "--diskspace", "12M", "--save").Fails(154, "what is in it needs");
        Assert.Equal(saved, File.ReadAllText(host.ConfigFile(ctid)));
        Assert.Equal(64L << 20, new FileInfo($"{host.Private(ctid)}/image").Length);
        host.Vzctl("set", $"{ctid}", "--diskspace", "44M", "--save", "--offline-resize").Succeeds();
        Assert.Equal(44L << 20, new FileInfo($"{host.Private(ctid)}/image").Length);
        host.Vzctl("set", $"{ctid}", "--diskspace", "70M", "--save").Succeeds();
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("20971520\n", host.In(ctid, "stat -c %s /root/a"));
        host.In(ctid, "dd if=/dev/zero of=/root/b bs=1M count=30 conv=fsync status=none");
    }

    [Fact]
    public void A_file_system_that_was_not_unmounted_is_checked_before_it_is_mounted()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/debugfs"), "needs debugfs of e2fsprogs");
        using var host = new CommandHost();
        var ctid = Create(host);
        LoopDisk.Run("debugfs", "-w", "-R", "set_super_value state 2", $"{host.Private(ctid)}/image");
        host.Vzctl("mount", $"{ctid}").Succeeds();
        host.Vzctl("umount", $"{ctid}").Succeeds();
        Assert.Contains("Filesystem state:         clean", LoopDisk.Run("dumpe2fs", "-h", $"{host.Private(ctid)}/image"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_no_file_system_is_refused_by_name()
    {
        using var host = new CommandHost();
        var ctid = Create(host);
        File.WriteAllBytes($"{host.Private(ctid)}/image", new byte[4096]);
        host.Vzctl("start", $"{ctid}").Fails(152, "holds no ext4");
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
    }

    [Theory]
    [InlineData("--layout", "image", "--diskspace", "1G")]
    [InlineData("--layout", "overlay")]
    [InlineData("--layout", "dir")]
    public void Creating_on_a_full_disk_leaves_nothing(params string[] options)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/mkfs.ext4"), "needs e2fsprogs");
        // A private copy leaves 256 MB of the disk in reserve.
        using var host = CommandHost.OnDisk("ext4", options.Contains("dir") ? 400 : 16, "", "-q");
        host.Shell($"dd if=/dev/zero of={host.Base}/private/filler bs=4k status=none; for i in $(seq 5000); do : > {host.Base}/private/filler.$i || break; done 2>/dev/null").ToString();
        var before = Directory.GetFileSystemEntries($"{host.Base}/private").Length;
        var ctid = CommandHost.NewCtid();
        var result = host.Vzctl(["create", $"{ctid}", "--ostemplate", "bb", .. options]);
        Assert.True(result.Code == 46, $"code {result.Code}\n{result.Output}\n{result.Error}");
        Assert.Equal(before, Directory.GetFileSystemEntries($"{host.Base}/private").Length);
        Assert.False(File.Exists(host.ConfigFile(ctid)));
        host.Shell($"rm {host.Base}/private/filler*").Succeeds();
        host.Vzctl(["create", $"{ctid}", "--ostemplate", "bb", .. options.Select(option => option == "1G" ? "8M" : option)]).Succeeds();
    }
}
