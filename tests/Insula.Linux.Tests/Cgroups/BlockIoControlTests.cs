using Insula.Linux.BlockDevices;
using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

public class BlockIoControlTests
{
    private static readonly DeviceNumber Disk = new(8, 16);

    [Fact]
    public void Version_1_gets_the_weight_of_bfq_and_four_limits()
    {
        using var fixture = CgroupFixture.Hybrid();
        string[] throttles = ["read_bps_device", "write_bps_device", "read_iops_device", "write_iops_device"];
        foreach (var file in throttles)
            fixture.Put($"blkio/insula/101/blkio.throttle.{file}", "");
        fixture.Put("blkio/insula/101/blkio.bfq.weight", "100\n");
        var io = fixture.Tree().Group("101").BlockIo!;
        Assert.Equal(100, io.Weight);
        Assert.True(io.TrySetWeight(160));
        Assert.Equal("160", fixture.Get("blkio/insula/101/blkio.bfq.weight"));
        Assert.True(io.CanLimit);
        io.SetLimit(Disk, new IoLimit(1048576, 50));
        Assert.Equal(["8:16 1048576", "8:16 1048576", "8:16 50", "8:16 50"], throttles.Select(file => fixture.Get($"blkio/insula/101/blkio.throttle.{file}")));
        Assert.Equal(new IoLimit(1048576, 50), io.ReadLimit(Disk));
        io.SetLimit(Disk, IoLimit.None);
        Assert.Equal("8:16 0", fixture.Get("blkio/insula/101/blkio.throttle.read_bps_device"));
    }

    [Fact]
    public void Version_2_gets_the_weights_of_both_policies_and_one_line_of_limits()
    {
        using var fixture = CgroupFixture.Version2();
        fixture.Put("insula/101/io.weight", "default 100\n8:0 50\n");
        fixture.Put("insula/101/io.bfq.weight", "default 100\n");
        fixture.Put("insula/101/io.max", "");
        var io = fixture.Tree().Group("101").BlockIo!;
        Assert.Equal(100, io.Weight);
        Assert.True(io.TrySetWeight(20));
        Assert.Equal(("20", "20"), (fixture.Get("insula/101/io.weight"), fixture.Get("insula/101/io.bfq.weight")));
        io.SetLimit(Disk, new IoLimit(2048, 0));
        Assert.Equal("8:16 rbps=2048 wbps=2048 riops=max wiops=max", fixture.Get("insula/101/io.max"));
        Assert.Equal(new IoLimit(2048, 0), io.ReadLimit(Disk));
        io.SetLimit(Disk, IoLimit.None);
        Assert.Equal("8:16 rbps=max wbps=max riops=max wiops=max", fixture.Get("insula/101/io.max"));
        Assert.Equal(IoLimit.None, io.ReadLimit(Disk));
    }

    [Fact]
    public void A_kernel_without_weights_and_throttling_says_so()
    {
        using var fixture = CgroupFixture.Version2();
        Directory.CreateDirectory(fixture.PathOf("insula/101"));
        var io = fixture.Tree().Group("101").BlockIo!;
        Assert.False(io.TrySetWeight(100));
        Assert.Null(io.Weight);
        Assert.False(io.CanLimit);
    }

    [Fact]
    public void What_was_read_and_written_is_counted_together()
    {
        using var old = CgroupFixture.Version1();
        old.Put("blkio/insula/101/blkio.throttle.io_service_bytes_recursive", "8:16 Read 4096\n8:16 Write 1024\n8:16 Total 5120\nTotal 5120\n");
        using var unified = CgroupFixture.Version2();
        unified.Put("insula/101/io.stat", "8:16 rbytes=4096 wbytes=1024 rios=1 wios=1 dbytes=0 dios=0\n");
        Assert.Equal(5120, old.Tree().Group("101").BlockIo!.ReadBytes(Disk));
        Assert.Equal(5120, unified.Tree().Group("101").BlockIo!.ReadBytes(Disk));
        Assert.Null(unified.Tree().Group("101").BlockIo!.ReadBytes(new DeviceNumber(8, 0)));
    }

    [Fact]
    public void Priorities_are_weights_on_a_straight_line_with_the_default_of_the_kernel_in_the_middle()
    {
        Assert.Equal([20, 40, 60, 80, 100, 120, 140, 160], Enumerable.Range(0, 8).Select(IoWeight.Of));
        Assert.Throws<ArgumentOutOfRangeException>(() => IoWeight.Of(8));
    }
}
