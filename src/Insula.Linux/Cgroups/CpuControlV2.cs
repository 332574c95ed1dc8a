using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>cpu.weight, cpu.max and cpu.max.burst (Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files").</summary>
internal sealed class CpuControlV2(string directory) : CpuControl(directory, "cpu.max.burst")
{
    private const string WeightFile = "cpu.weight";

    // On the directory above: its children's weights are on the coarse scale. It goes with the directory.
    private const string CoarseMark = "user.insula.coarse-weights";

    public override void SetUnits(int cpuUnits) => CgroupFile.Write(PathOf(WeightFile), Text(CpuShare.ToWeight(cpuUnits)));

    public override void SetUnitsAmongSiblings(int cpuUnits)
    {
        var above = Path.GetDirectoryName(Directory)!;
        // Two that are given their units at once must find the same scale.
        using var siblings = LeaseLock.TakeDirectory(above);
        var coarse = ExtendedAttributes.Get(siblings.File, CoarseMark, above) != null;
        if (!coarse && cpuUnits > CpuShare.MostFineUnits)
        {
            Coarsen(siblings.File, above);
            coarse = true;
        }
        CgroupFile.Write(PathOf(WeightFile), Text(coarse ? CpuShare.ToCoarseWeight(cpuUnits) : CpuShare.ToWeight(cpuUnits)));
    }

    // "max 100000" or "50000 100000"
    private protected override int ReadLimit()
    {
        if (CgroupFile.TryRead(PathOf("cpu.max")) is not { } text || text.StartsWith("max", StringComparison.Ordinal))
            return 0;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !long.TryParse(text.AsSpan(0, blank), out var quota) || !long.TryParse(text.AsSpan(blank + 1), out var period))
            throw new LinuxException("understand", $"\"{text}\" in {PathOf("cpu.max")}", Errno.EPROTO);
        return PercentOf(quota, period);
    }

    private protected override void WriteLimit(int percent) => CgroupFile.Write(PathOf("cpu.max"), percent == 0 ? $"max {Period}" : $"{QuotaOf(percent)} {Period}");

    private static void Coarsen(FileDescriptor directory, string path)
    {
        Kernel.Check(ExtendedAttributes.TrySet(directory, CoarseMark, "1"u8), "mark", path);
        foreach (var child in System.IO.Directory.GetDirectories(path))
        {
            var file = $"{child}/{WeightFile}";
            if (CgroupFile.TryReadNumber(file) is { } weight)
                CgroupFile.Write(file, Text(CpuShare.Coarsen(weight)));
        }
    }
}
