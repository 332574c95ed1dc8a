namespace Insula.Linux.Cgroups;

/// <summary>cpu.shares, cpu.cfs_quota_us, cpu.cfs_period_us and cpu.cfs_burst_us (Documentation/scheduler/sched-bwc.rst).</summary>
internal sealed class CpuControlV1(string directory) : CpuControl(directory, "cpu.cfs_burst_us")
{
    public override void SetUnits(int cpuUnits) => CgroupFile.Write(PathOf("cpu.shares"), Text(CpuShare.ToShares(cpuUnits)));

    public override void SetUnitsAmongSiblings(int cpuUnits) => CgroupFile.Write(PathOf("cpu.shares"), Text(CpuShare.ToSharesOfSiblings(cpuUnits)));

    private protected override int ReadLimit()
        => CgroupFile.TryReadNumber(PathOf("cpu.cfs_quota_us")) is { } quota
            ? PercentOf(quota, CgroupFile.ReadNumber(PathOf("cpu.cfs_period_us")))
            : 0;

    private protected override void WriteLimit(int percent)
    {
        if (percent != 0)
            CgroupFile.Write(PathOf("cpu.cfs_period_us"), Text(Period));
        CgroupFile.Write(PathOf("cpu.cfs_quota_us"), percent == 0 ? "-1" : Text(QuotaOf(percent)));
    }
}
