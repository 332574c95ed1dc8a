using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>A group's share of processor time: a weight against its siblings and a ceiling of its own.</summary>
public abstract class CpuControl
{
    /// <summary>The period over which a ceiling holds, in microseconds; the kernel's default.</summary>
    private protected const long Period = 100_000;

    private protected CpuControl(string directory) => Directory = directory;

    internal static CpuControl For(CgroupHierarchy hierarchy, string directory)
        => hierarchy.IsUnified ? new CpuControlV2(directory) : new CpuControlV1(directory);

    /// <summary>The group's directory in the hierarchy of the cpu controller.</summary>
    public string Directory { get; }

    /// <summary>Sets the weight from OpenVZ's cpuunits, 8 to 500000 (<see cref="CpuShare"/>).</summary>
    public abstract void SetUnits(int cpuUnits);

    /// <summary>
    /// The ceiling in percent of one processor, as OpenVZ's cpulimit: 50 is half a processor, 200 two; 0 is no ceiling.
    /// Reading rounds up to a whole percent.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT: the kernel has no bandwidth control (CONFIG_CFS_BANDWIDTH).</exception>
    public abstract int LimitPercent { get; set; }

    private protected string PathOf(string file) => $"{Directory}/{file}";

    private protected static long QuotaOf(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        return percent * (Period / 100);
    }

    private protected static int PercentOf(long quota, long period)
        => period <= 0 || quota < 0 ? 0 : (int)(((quota * 100) + period - 1) / period);

    private protected static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>cpu.shares, cpu.cfs_quota_us and cpu.cfs_period_us (Documentation/scheduler/sched-bwc.rst).</summary>
internal sealed class CpuControlV1(string directory) : CpuControl(directory)
{
    public override void SetUnits(int cpuUnits) => CgroupFile.Write(PathOf("cpu.shares"), Text(CpuShare.ToShares(cpuUnits)));

    public override int LimitPercent
    {
        get => CgroupFile.TryReadNumber(PathOf("cpu.cfs_quota_us")) is { } quota
            ? PercentOf(quota, CgroupFile.ReadNumber(PathOf("cpu.cfs_period_us")))
            : 0;
        set
        {
            if (value != 0)
                CgroupFile.Write(PathOf("cpu.cfs_period_us"), Text(Period));
            CgroupFile.Write(PathOf("cpu.cfs_quota_us"), value == 0 ? "-1" : Text(QuotaOf(value)));
        }
    }
}

/// <summary>cpu.weight and cpu.max (Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files").</summary>
internal sealed class CpuControlV2(string directory) : CpuControl(directory)
{
    public override void SetUnits(int cpuUnits) => CgroupFile.Write(PathOf("cpu.weight"), Text(CpuShare.ToWeight(cpuUnits)));

    public override int LimitPercent
    {
        // "max 100000" or "50000 100000"
        get
        {
            if (CgroupFile.TryRead(PathOf("cpu.max")) is not { } text || text.StartsWith("max", StringComparison.Ordinal))
                return 0;
            var blank = text.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0 || !long.TryParse(text.AsSpan(0, blank), out var quota) || !long.TryParse(text.AsSpan(blank + 1), out var period))
                throw new LinuxException("understand", $"\"{text}\" in {PathOf("cpu.max")}", Errno.EPROTO);
            return PercentOf(quota, period);
        }
        set => CgroupFile.Write(PathOf("cpu.max"), value == 0 ? $"max {Period}" : $"{QuotaOf(value)} {Period}");
    }
}
