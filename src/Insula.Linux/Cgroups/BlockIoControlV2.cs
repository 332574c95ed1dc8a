using System.Globalization;
using Insula.Linux.BlockDevices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>io.weight of iocost, io.bfq.weight of BFQ, io.max (Documentation/admin-guide/cgroup-v2.rst, "IO Interface Files").</summary>
internal sealed class BlockIoControlV2(string directory) : BlockIoControl(directory)
{
    private const string Max = "io.max";

    public override bool CanLimit => File.Exists(PathOf(Max));

    private protected override IReadOnlyList<string> WeightFiles => ["io.bfq.weight", "io.weight"];

    public override void SetLimit(DeviceNumber device, IoLimit limit)
    {
        var (bytes, operations) = (ValueOf(limit.BytesPerSecond), ValueOf(limit.OperationsPerSecond));
        CgroupFile.Write(PathOf(Max), $"{device} rbps={bytes} wbps={bytes} riops={operations} wiops={operations}");
    }

    public override IoLimit ReadLimit(DeviceNumber device)
        => new(FindInLine(Max, device, "wbps=") ?? 0, FindInLine(Max, device, "wiops=") ?? 0);

    // "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0"
    public override long? ReadBytes(DeviceNumber device)
        => FindInLine("io.stat", device, "rbytes=") is { } read ? read + (FindInLine("io.stat", device, "wbytes=") ?? 0) : null;

    public override IReadOnlyList<DeviceUse> ReadDevices() => DeviceUse.ParseUnified(CgroupFile.TryRead(PathOf("io.stat")) ?? "");

    private static string ValueOf(long limit) => limit == 0 ? "max" : Text(limit);

    // A limit that is "max" counts as not found.
    private long? FindInLine(string file, DeviceNumber device, string key)
    {
        var start = $"{device} ";
        foreach (var line in (CgroupFile.TryRead(PathOf(file)) ?? "").AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(start, StringComparison.Ordinal))
                continue;
            foreach (var range in line.Split(' '))
            {
                var word = line[range];
                if (word.StartsWith(key, StringComparison.Ordinal) && !word.EndsWith("=max", StringComparison.Ordinal))
                    return long.TryParse(word[key.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                        ? value
                        : throw new LinuxException("understand", $"\"{line}\" in {PathOf(file)}", Errno.EPROTO);
            }
        }
        return null;
    }
}
