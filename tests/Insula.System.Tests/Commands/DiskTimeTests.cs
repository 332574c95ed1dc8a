using Insula.Linux.BlockDevices;
using Insula.Linux.Cgroups;
using Insula.System.Tests.Storage;

namespace Insula.System.Tests.Commands;

/// <summary>IOPRIO, IOLIMIT and IOPSLIMIT as the device sees them.</summary>
public class DiskTimeTests
{
    internal const int Megabyte = 1 << 20;

    // Direct writes in place over and over: nothing but the device is in their way.
    private const string Writer = "while true; do dd if=/dev/zero of=/root/data bs=64k count=256 oflag=direct conv=notrunc status=none; done";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    internal static readonly TimeSpan Measure = TimeSpan.FromSeconds(6);

    [Fact]
    public void A_limit_holds_on_the_device_of_the_data_and_changes_while_the_container_runs()
    {
        using var host = CommandHost.OnDisk("ext4", 256, "", "-q");
        var disk = host.Disk!.Device;
        var ctid = host.Container(started: false);
        host.Vzctl("set", $"{ctid}", "--iolimit", "4", "--save").Succeeds();
        Assert.Contains($"IOLIMIT=\"{4 * Megabyte}\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal(new IoLimit(4 * Megabyte, 0), Group(host, ctid).ReadLimit(disk.Number));
        SkipUnlessCounted(host, ctid);

        var before = Bytes(host, ctid, disk);
        var writer = host.Start("exec", $"{ctid}", Writer);
        Thread.Sleep(Measure);
        var rate = (Bytes(host, ctid, disk) - before) / Measure.TotalSeconds;
        Assert.InRange(rate, 1 * Megabyte, 5 * Megabyte);

        host.Vzctl("set", $"{ctid}", "--iolimit", "512K", "--iopslimit", "20").Succeeds();
        Assert.Equal(new IoLimit(512 << 10, 20), Group(host, ctid).ReadLimit(disk.Number));
        host.Vzctl("set", $"{ctid}", "--iolimit", "0", "--iopslimit", "0").Succeeds();
        Assert.Equal(IoLimit.None, Group(host, ctid).ReadLimit(disk.Number));
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        writer.WaitForExit();
    }

    [Fact]
    public void Without_a_scheduler_that_knows_weights_a_priority_is_stored_and_said_to_have_no_effect()
    {
        using var host = CommandHost.OnDisk("ext4", 64, "", "-q");
        host.Disk!.Device.SetScheduler("none");
        var ctid = host.Container(started: true);
        var result = host.Vzctl("set", $"{ctid}", "--ioprio", "6", "--save").Succeeds();
        Assert.SkipWhen(result.Error.Length == 0, "the disk below the loop device honours weights");
        Assert.Contains("IOPRIO has no effect: the scheduler of ", result.Error, StringComparison.Ordinal);
        Assert.Contains("insula check --fix /dev/", result.Error, StringComparison.Ordinal);
        Assert.Contains("IOPRIO=\"6\"", File.ReadAllText(host.ConfigFile(ctid)), StringComparison.Ordinal);
        Assert.Equal(140, Group(host, ctid).Weight);
    }

    [Fact]
    public void A_file_system_without_a_device_refuses_limits_and_nothing_is_stored()
    {
        using var host = new CommandHost();
        host.Shell($"mount -t tmpfs -o size=64m,mode=700 insula-t {host.Base}/private").Succeeds();
        try
        {
            var ctid = host.Container(started: true);
            var saved = File.ReadAllText(host.ConfigFile(ctid));
            host.Vzctl("set", $"{ctid}", "--iolimit", "1M", "--save").Fails(148, "has no block device that can be found");
            Assert.Equal(saved, File.ReadAllText(host.ConfigFile(ctid)));
            host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
            host.Vzctl("destroy", $"{ctid}").Succeeds();
        }
        finally
        {
            host.Shell($"umount {host.Base}/private").Succeeds();
        }
    }

    [Fact]
    public void Check_gives_a_named_disk_a_scheduler_that_knows_weights()
    {
        using var host = CommandHost.OnDisk("ext4", 64, "", "-q");
        UseBfq(host, host.Disk!.Device);
        Assert.Equal("bfq", host.Disk.Device.Scheduler);
        Assert.Equal("0", host.Disk.Device.ReadSchedulerSetting("low_latency"));
        Assert.Contains("needs no change", host.Insula("check", "--fix", host.Disk.Node).Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains($"bfq on {host.Disk.Device.Name}", host.Insula("check").Output, StringComparison.Ordinal);
        host.Insula("check", "--fix", "/dev/null").Fails(21, "is neither a block device");
        host.Insula("check", "--fix", "nosuchdisk").Fails(21, "is neither a block device");
    }

    internal static bool WaitUntil(Func<bool> condition)
    {
        for (var deadline = DateTime.UtcNow + Patience; !condition(); Thread.Sleep(100))
        {
            if (DateTime.UtcNow > deadline)
                return false;
        }
        return true;
    }

    internal static void UseBfq(CommandHost host, BlockDevice disk)
    {
        disk.SetScheduler("none");
        var result = host.Insula("check", "--fix", $"/dev/{disk.Name}");
        Assert.SkipWhen(result.Code == 148, "this kernel has no BFQ");
        Assert.Contains($"changed the scheduler of {disk.Name} from none to bfq", result.Succeeds().Output, StringComparison.Ordinal);
    }

    internal static void SkipUnlessCounted(CommandHost host, int ctid)
    {
        host.In(ctid, "dd if=/dev/zero of=/root/data bs=1M count=4 oflag=direct status=none");
        Assert.SkipWhen(Group(host, ctid).ReadBytes(host.Disk!.Device.Number) is null or 0, "this kernel counts nothing per group");
    }

    private static BlockIoControl Group(CommandHost host, int ctid)
    {
        var group = CgroupTree.Open(CgroupWorld.Detect(), host.CgroupName).Group($"{ctid}").BlockIo;
        Assert.SkipWhen(group is null, "this host has no blkio or io controller");
        return group;
    }

    internal static long Bytes(CommandHost host, int ctid, BlockDevice disk) => Group(host, ctid).ReadBytes(disk.Number) ?? 0;
}
