using Insula.Linux.BlockDevices;

namespace Insula.Linux.Tests.BlockDevices;

public sealed class BlockDeviceTableTests : IDisposable
{
    private readonly string _sys = Directory.CreateTempSubdirectory("insula-sys-").FullName;

    public BlockDeviceTableTests()
    {
        Add("devices/pci/block/sda", "8:0", "none [mq-deadline] bfq\n");
        Add("devices/pci/block/sda/sda2", "8:2");
        File.WriteAllText($"{_sys}/devices/pci/block/sda/sda2/partition", "2\n");
        Add("devices/virtual/block/dm-0", "252:0");
        Directory.CreateDirectory($"{_sys}/devices/virtual/block/dm-0/slaves");
        File.CreateSymbolicLink($"{_sys}/devices/virtual/block/dm-0/slaves/sda2", $"{_sys}/devices/pci/block/sda/sda2");
        Add("devices/virtual/block/loop3", "7:3", "none\n");
        Directory.CreateDirectory($"{_sys}/devices/virtual/block/loop3/loop");
        File.WriteAllText($"{_sys}/devices/virtual/block/loop3/loop/backing_file", "/data/image\n");
    }

    private BlockDeviceTable Table => new(_sys);

    public void Dispose() => Directory.Delete(_sys, recursive: true);

    private void Add(string directory, string number, string? scheduler = null)
    {
        Directory.CreateDirectory($"{_sys}/{directory}/queue");
        File.WriteAllText($"{_sys}/{directory}/dev", number + "\n");
        if (scheduler != null)
            File.WriteAllText($"{_sys}/{directory}/queue/scheduler", scheduler);
        foreach (var links in new[] { "dev/block", "class/block" })
            Directory.CreateDirectory($"{_sys}/{links}");
        File.CreateSymbolicLink($"{_sys}/dev/block/{number}", $"{_sys}/{directory}");
        File.CreateSymbolicLink($"{_sys}/class/block/{Path.GetFileName(directory)}", $"{_sys}/{directory}");
    }

    [Fact]
    public void The_requests_to_a_partition_are_queued_by_its_disk()
    {
        var disk = Table.Find(new DeviceNumber(8, 2))!;
        Assert.Equal(("sda", new DeviceNumber(8, 0)), (disk.Name, disk.Number));
        Assert.Equal(disk, Table.Find("sda2"));
    }

    [Fact]
    public void The_scheduler_in_force_is_the_one_in_brackets_or_the_only_one()
    {
        Assert.Equal("mq-deadline", Table.Find("sda")!.Scheduler);
        Assert.Equal("none", Table.Find("loop3")!.Scheduler);
        Assert.Null(Table.Find("dm-0")!.Scheduler);
    }

    [Fact]
    public void Below_a_loop_device_is_what_holds_its_file_and_below_that_the_disk()
    {
        var chain = Table.Below(Table.Find("loop3")!, file => file == "/data/image" ? [Table.Find("dm-0")!] : []);
        Assert.Equal(["loop3", "dm-0", "sda"], chain.Select(device => device.Name));
    }

    [Fact]
    public void A_stack_that_leads_back_to_itself_ends()
        => Assert.Equal(["loop3"], Table.Below(Table.Find("loop3")!, _ => [Table.Find("loop3")!]).Select(device => device.Name));

    [Theory]
    [InlineData("sdz")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("/dev/null")]
    [InlineData("/nowhere")]
    public void What_is_no_block_device_is_not_found(string name) => Assert.Null(Table.Find(name));

    [Fact]
    public void A_file_system_without_a_device_has_none() => Assert.Null(Table.Find(new DeviceNumber(0, 42)));

    [Theory]
    [InlineData("8:0", true)]
    [InlineData("8:", false)]
    [InlineData("8", false)]
    [InlineData("-1:0", false)]
    [InlineData("99999999999:0", false)]
    public void Numbers_are_read_as_the_kernel_writes_them(string text, bool good) => Assert.Equal(good, DeviceNumber.TryParse(text, out _));
}
