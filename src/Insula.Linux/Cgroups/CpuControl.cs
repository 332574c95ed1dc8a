using System.Globalization;

namespace Insula.Linux.Cgroups;

/// <summary>A group's share of processor time: a weight against its siblings and a ceiling of its own.</summary>
public abstract class CpuControl
{
    /// <summary>The period over which a ceiling holds, in microseconds; the kernel's default.</summary>
    private protected const long Period = 100_000;

    private readonly string _burstFile;

    private protected CpuControl(string directory, string burstFile)
    {
        Directory = directory;
        _burstFile = burstFile;
    }

    internal static CpuControl For(CgroupHierarchy hierarchy, string directory)
        => hierarchy.IsUnified ? new CpuControlV2(directory) : new CpuControlV1(directory);

    /// <summary>The group's directory in the hierarchy of the cpu controller.</summary>
    public string Directory { get; }

    /// <summary>Sets the weight against groups that are not ours from OpenVZ's cpuunits, 8 to 500000 (<see cref="CpuShare"/>).</summary>
    public abstract void SetUnits(int cpuUnits);

    /// <summary>
    /// Sets the weight from cpuunits, 8 to 500000, among siblings that all have theirs by this method: the ratios of the whole range are
    /// kept (<see cref="CpuShare"/>).
    /// </summary>
    public abstract void SetUnitsAmongSiblings(int cpuUnits);

    /// <summary>
    /// The ceiling in percent of one processor, as OpenVZ's cpulimit: 50 is half a processor, 200 two; 0 is no ceiling.
    /// Reading rounds up to a whole percent. Setting takes <see cref="BurstPercent"/> back to 0.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT: the kernel has no bandwidth control (CONFIG_CFS_BANDWIDTH).</exception>
    public int LimitPercent
    {
        get => ReadLimit();
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            // A ceiling below what may be saved up is refused (EINVAL), so that goes first.
            if (CanBurst && BurstPercent != 0)
                BurstPercent = 0;
            WriteLimit(value);
        }
    }

    /// <summary>True if the kernel can save up what a group has not used of its ceiling (Linux 5.14).</summary>
    public bool CanBurst => File.Exists(PathOf(_burstFile));

    /// <summary>
    /// How much of a ceiling that was not used the group may save up and use above the ceiling later, in percent of one processor
    /// for one period of 100 ms: 50 is 50 ms. Not more than the ceiling (Documentation/scheduler/sched-bwc.rst, "Burst").
    /// </summary>
    /// <exception cref="LinuxException">EINVAL: it is more than the ceiling; ENOENT: this kernel cannot.</exception>
    public int BurstPercent
    {
        get => CgroupFile.TryReadNumber(PathOf(_burstFile)) is { } burst ? PercentOf(burst, Period) : 0;
        set => CgroupFile.Write(PathOf(_burstFile), Text(QuotaOf(value)));
    }

    private protected abstract int ReadLimit();

    private protected abstract void WriteLimit(int percent);

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
