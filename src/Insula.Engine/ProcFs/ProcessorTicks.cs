namespace Insula.Engine.ProcFs;

/// <summary>Processor time of a container in hundredths of a second (USER_HZ), for each processor it may use and in sum.</summary>
/// <param name="Each">Processor number, user, system, idle.</param>
public sealed record ProcessorTicks(IReadOnlyList<(int Number, long User, long System, long Idle)> Each)
{
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>Over all processors.</summary>
    public long User => Each.Sum(cpu => cpu.User);

    /// <summary>Over all processors.</summary>
    public long System => Each.Sum(cpu => cpu.System);

    /// <summary>Over all processors.</summary>
    public long Idle => Each.Sum(cpu => cpu.Idle);

    /// <summary>What a container has used since it started.</summary>
    public static ProcessorTicks Of(IContainerView view)
    {
        var times = view.Times;
        var uptime = view.Uptime;
        var each = new List<(int, long, long, long)>();
        // Time on processors that were taken away later is shown on the first one, so that the sum stays.
        var rest = Outside(view, times);
        foreach (var cpu in view.Processors.Members)
        {
            var user = ((times is null ? 0 : At(times.User, cpu)) + rest.User) / NanosecondsPerTick;
            var system = ((times is null ? 0 : At(times.System, cpu)) + rest.System) / NanosecondsPerTick;
            rest = default;
            each.Add((cpu, user, system, Math.Max(0, uptime - user - system)));
        }
        return new ProcessorTicks(each);
    }

    private static (long User, long System) Outside(IContainerView view, Insula.Linux.Cgroups.CpuTimes? times)
    {
        (long User, long System) rest = default;
        for (var cpu = 0; cpu < (times?.User.Count ?? 0); cpu++)
        {
            if (!view.Processors.Contains(cpu))
                rest = (rest.User + times!.User[cpu], rest.System + times.System[cpu]);
        }
        return rest;
    }

    private static long At(IReadOnlyList<long> list, int index) => index < list.Count ? list[index] : 0;
}
