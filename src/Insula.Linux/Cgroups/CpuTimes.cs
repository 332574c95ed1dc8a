using System.Globalization;

namespace Insula.Linux.Cgroups;

/// <summary>Processor time of a group on each processor, in nanoseconds since it was made.</summary>
/// <param name="User">In programs, by processor number.</param>
/// <param name="System">In the kernel on their behalf, by processor number.</param>
public sealed record CpuTimes(IReadOnlyList<long> User, IReadOnlyList<long> System)
{
    /// <summary>
    /// cpuacct of v1 tells it for each processor (cpuacct.usage_all). v2 has only the sum (cpu.stat), which is spread evenly over the
    /// processors that the group may use.
    /// </summary>
    internal static CpuTimes? Read(CgroupWorld world, string group, CpuSet processors)
    {
        if (world.Find(CgroupController.CpuAcct) is { } hierarchy)
            return ParseUsageAll(CgroupFile.Read($"{hierarchy.PathOf(group)}/cpuacct.usage_all"));
        return CpuUsage.Read(world, group) is { } usage ? Spread(usage, processors) : null;
    }

    /// <summary>
    /// Understands cpuacct.usage_all:
    /// <code>
    /// cpu user system
    /// 0 631852000000 210460000000
    /// </code>
    /// </summary>
    public static CpuTimes ParseUsageAll(string text)
    {
        var user = new List<long>();
        var system = new List<long>();
        foreach (var line in text.Split('\n').Skip(1))
        {
            if (line.Split(' ') is [var number, var inPrograms, var inKernel] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var cpu))
            {
                Put(user, cpu, long.Parse(inPrograms, CultureInfo.InvariantCulture));
                Put(system, cpu, long.Parse(inKernel, CultureInfo.InvariantCulture));
            }
        }
        return new CpuTimes(user, system);
    }

    /// <summary>The same sum on each of the processors; the first ones get what does not divide evenly.</summary>
    public static CpuTimes Spread(CpuUsage usage, CpuSet processors)
    {
        const long nanoseconds = 1000;
        var user = new List<long>();
        var system = new List<long>();
        var count = processors.Count;
        var place = 0;
        foreach (var cpu in processors.Members)
        {
            Put(user, cpu, Part(usage.User * nanoseconds, count, place));
            Put(system, cpu, Part(usage.System * nanoseconds, count, place));
            place++;
        }
        return new CpuTimes(user, system);
    }

    private static long Part(long sum, int count, int place) => (sum / count) + (place < sum % count ? 1 : 0);

    private static void Put(List<long> list, int index, long value)
    {
        while (list.Count <= index)
            list.Add(0);
        list[index] = value;
    }
}
