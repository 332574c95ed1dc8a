using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>Processor time of a container in hundredths of a second (USER_HZ).</summary>
/// <param name="Each">By processor: its number, time in programs, in the kernel, and idle.</param>
/// <param name="User">In programs, over all processors.</param>
/// <param name="System">In the kernel, over all processors.</param>
/// <param name="Idle">Idle, over all processors.</param>
public sealed record ProcessorTicks(IReadOnlyList<(int Number, long User, long System, long Idle)> Each, long User, long System, long Idle)
{
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>What a container has used since it started.</summary>
    /// <param name="processors">Those it sees.</param>
    /// <param name="times">What it used, by processor; null where the host does not account it.</param>
    /// <param name="uptime">How long it has run, in hundredths of a second.</param>
    public static ProcessorTicks Of(CpuSet processors, CpuTimes? times, long uptime)
    {
        var each = new List<(int Number, long User, long System, long Idle)>();
        // Time on processors that it does not see, or not any more, is shown on the first one, so that the sum stays.
        var rest = Outside(processors, times);
        foreach (var cpu in processors.Members)
        {
            var user = ((times is null ? 0 : At(times.User, cpu)) + rest.User) / NanosecondsPerTick;
            var system = ((times is null ? 0 : At(times.System, cpu)) + rest.System) / NanosecondsPerTick;
            rest = default;
            each.Add((cpu, user, system, Math.Max(0, uptime - user - system)));
        }
        return new ProcessorTicks(each, each.Sum(cpu => cpu.User), each.Sum(cpu => cpu.System), each.Sum(cpu => cpu.Idle));
    }

    private static (long User, long System) Outside(CpuSet processors, CpuTimes? times)
    {
        (long User, long System) rest = default;
        for (var cpu = 0; cpu < (times?.User.Count ?? 0); cpu++)
        {
            if (!processors.Contains(cpu))
                rest = (rest.User + times!.User[cpu], rest.System + times.System[cpu]);
        }
        return rest;
    }

    private static long At(IReadOnlyList<long> list, int index) => index < list.Count ? list[index] : 0;
}
