using Insula.Linux.Cgroups;

namespace Insula.System.Tests.Commands;

/// <summary>
/// IOPRIO as a disk's scheduler takes it. Alone: a group that gets too little of a processor to ask for its share of the disk does not get it.
/// </summary>
[Collection(nameof(Undisturbed))]
public class DiskShareTests
{
    // Several at once and much at a time, so that a group always has something to ask for, however busy the processors are.
    private const string Writers = "for n in 1 2 3 4; do (while true; do dd if=/dev/zero of=/root/data$n bs=1M count=32 oflag=direct conv=notrunc status=none; done) & done; wait";
    private const long EnoughToCompare = 128L * DiskTimeTests.Megabyte;

    [Fact]
    public void Two_writers_divide_a_BFQ_disk_by_their_priorities()
    {
        using var host = CommandHost.OnDisk("ext4", 512, "", "-q");
        var disk = host.Disk!.Device;
        DiskTimeTests.UseBfq(host, disk);
        // A file is faster than a disk and takes whatever it is given at once; one request at a time makes a disk of it.
        disk.SetSchedulerSetting("strict_guarantees", "1");
        int[] containers = [host.Container(started: true), host.Container(started: true)];
        host.Vzctl("set", $"{containers[0]}", "--ioprio", "7").Succeeds();
        Assert.DoesNotContain("no effect", host.Vzctl("set", $"{containers[1]}", "--ioprio", "0").Succeeds().Error, StringComparison.Ordinal);
        foreach (var ctid in containers)
            host.In(ctid, "for n in 1 2 3 4; do dd if=/dev/zero of=/root/data$n bs=1M count=32 conv=fsync status=none; done");
        DiskTimeTests.SkipUnlessCounted(host, containers[0]);

        var writers = containers.Select(ctid => host.Start("exec", $"{ctid}", Writers)).ToList();
        // By amount, not by time alone: how long a disk takes before the first byte, and for how many, is the machine's affair.
        var start = containers.Select(ctid => DiskTimeTests.Bytes(host, ctid, disk)).ToList();
        Assert.True(DiskTimeTests.WaitUntil(() => containers.Select((ctid, i) => DiskTimeTests.Bytes(host, ctid, disk) - start[i]).All(bytes => bytes > 0)), "a writer wrote nothing");
        var before = containers.Select(ctid => DiskTimeTests.Bytes(host, ctid, disk)).ToList();
        Thread.Sleep(DiskTimeTests.Measure);
        Assert.True(DiskTimeTests.WaitUntil(() => containers.Select((ctid, i) => DiskTimeTests.Bytes(host, ctid, disk) - before[i]).Sum() > EnoughToCompare), "the disk is too slow to compare two writers");
        var written = containers.Select((ctid, i) => DiskTimeTests.Bytes(host, ctid, disk) - before[i]).ToList();
        foreach (var ctid in containers)
            host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        writers.ForEach(writer => writer.WaitForExit());

        var expected = (double)IoWeight.Of(7) / (IoWeight.Of(7) + IoWeight.Of(0));
        Assert.InRange((double)written[0] / written.Sum(), expected * 0.85, 1);
        Assert.True(written[1] > 0);
    }
}
