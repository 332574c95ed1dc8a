using System.Globalization;
using Insula.Linux.BlockDevices;

namespace Insula.Linux.Cgroups;

/// <summary>
/// blkio.bfq.weight and blkio.throttle.* (Documentation/admin-guide/cgroup-v1/blkio-controller.rst). v1 throttles what a process itself
/// asks of the device; what it leaves to be written later is written by the kernel in nobody's name.
/// </summary>
internal sealed class BlockIoControlV1(string directory) : BlockIoControl(directory)
{
    private static readonly string[] ByteFiles = ["blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"];
    private static readonly string[] OperationFiles = ["blkio.throttle.read_iops_device", "blkio.throttle.write_iops_device"];

    public override bool CanLimit => File.Exists(PathOf(ByteFiles[0]));

    private protected override IReadOnlyList<string> WeightFiles => ["blkio.bfq.weight"];

    public override void SetLimit(DeviceNumber device, IoLimit limit)
    {
        foreach (var file in ByteFiles)
            Set(file, device, limit.BytesPerSecond);
        foreach (var file in OperationFiles)
            Set(file, device, limit.OperationsPerSecond);
    }

    public override IoLimit ReadLimit(DeviceNumber device)
        => new(CgroupFile.TryReadKeyed(PathOf(ByteFiles[0]), device.ToString()) ?? 0, CgroupFile.TryReadKeyed(PathOf(OperationFiles[0]), device.ToString()) ?? 0);

    // "8:0 Read 4096", "8:0 Write 0", ..., "8:0 Total 4096"
    public override long? ReadBytes(DeviceNumber device)
        => CgroupFile.TryReadKeyed(PathOf("blkio.throttle.io_service_bytes_recursive"), $"{device} Total");

    public override IReadOnlyList<DeviceUse> ReadDevices() => DeviceUse.ParseVersion1(
        CgroupFile.TryRead(PathOf("blkio.throttle.io_service_bytes_recursive")) ?? "", CgroupFile.TryRead(PathOf("blkio.throttle.io_serviced_recursive")) ?? "");

    private void Set(string file, DeviceNumber device, long value)
        => CgroupFile.Write(PathOf(file), string.Create(CultureInfo.InvariantCulture, $"{device} {value}"));
}
