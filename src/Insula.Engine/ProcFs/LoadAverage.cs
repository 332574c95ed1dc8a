namespace Insula.Engine.ProcFs;

/// <summary>
/// Load averages as the kernel computes them (kernel/sched/loadavg.c): every five seconds the number of tasks that run, wait for a processor or
/// wait for a device goes into three averages that forget over 1, 5 and 15 minutes.
/// </summary>
public struct LoadAverage
{
    /// <summary>How often <see cref="Add"/> is called.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // 1/exp(5s/1min), 1/exp(5s/5min), 1/exp(5s/15min).
    private static readonly double[] Forget = [Math.Exp(-5.0 / 60), Math.Exp(-5.0 / 300), Math.Exp(-5.0 / 900)];

    private double _one;
    private double _five;
    private double _fifteen;

    /// <summary>Averages that were kept.</summary>
    public LoadAverage(double one, double five, double fifteen) => (_one, _five, _fifteen) = (one, five, fifteen);

    /// <summary>The averages over 1, 5 and 15 minutes.</summary>
    public readonly (double One, double Five, double Fifteen) Values => (_one, _five, _fifteen);

    /// <summary>Takes in how many tasks are active now.</summary>
    public void Add(double active)
    {
        _one = Next(_one, active, Forget[0]);
        _five = Next(_five, active, Forget[1]);
        _fifteen = Next(_fifteen, active, Forget[2]);
    }

    /// <summary>The averages in hundredths.</summary>
    public readonly (long One, long Five, long Fifteen) Hundredths => (Round(_one), Round(_five), Round(_fifteen));

    private static double Next(double average, double active, double forget) => (average * forget) + (active * (1 - forget));

    private static long Round(double value) => (long)Math.Round(value * 100, MidpointRounding.AwayFromZero);
}
