namespace Insula.Linux.Cgroups;

/// <summary>
/// OpenVZ's cpuunits (8 to 500000, default 1000) as the kernel's weights. Only ratios matter: a container of 2000 units gets twice
/// the processor time of one of 1000 when both want it. All mappings are straight lines, since only those keep ratios. Against groups
/// that are not ours the line takes OpenVZ's default to the kernel's own; among containers, which are compared with each other alone,
/// it is laid so that the whole range fits into the kernel's.
/// </summary>
public static class CpuShare
{
    /// <summary>The least cpuunits OpenVZ takes.</summary>
    public const int MinUnits = 8;

    /// <summary>The most cpuunits OpenVZ takes.</summary>
    public const int MaxUnits = 500000;

    /// <summary>The default.</summary>
    public const int DefaultUnits = 1000;

    /// <summary>The most units that v2's weights tell apart when one stands for ten units.</summary>
    public const int MostFineUnits = 100_000;

    private const int FineUnits = 10;
    private const int CoarseUnits = 50;

    /// <summary>
    /// cpu.shares of v1 (2 to 262144, default 1024). A ratio of two containers is kept within 0.5/shares of each: 6 % at worst, near 8 units,
    /// 0.05 % from 1000. From 256000 units on the kernel's ceiling is reached and more units weigh no more.
    /// </summary>
    public static int ToShares(int cpuUnits) => Scale(cpuUnits, 1024, 1000, 2, 262144);

    /// <summary>
    /// cpu.weight of v2 (1 to 10000, default 100), a tenth of the units. Its range is smaller than that of cpuunits, so a rounded
    /// weight may be off by half: 33 % below 20 units, 5 % at 100, 0.5 % from 1000. From 100000 units on more units weigh no more.
    /// </summary>
    public static int ToWeight(int cpuUnits) => Scale(cpuUnits, 100, 1000, 1, 10000);

    /// <summary>
    /// cpu.shares of v1 among containers: half the units, so that 500000 fit. A ratio is kept within 0.5/shares of each: 11 % at worst, at 9
    /// units, 1 % at 100, and exactly for even numbers.
    /// </summary>
    public static int ToSharesOfSiblings(int cpuUnits) => Scale(cpuUnits, 1, 2, 2, 262144);

    /// <summary>
    /// cpu.weight of v2 among containers on the coarse scale, a fiftieth of the units: what all get once one of them has more than
    /// <see cref="MostFineUnits"/>, since v2 has no weight for more on the fine one (<see cref="ToWeight"/>).
    /// </summary>
    public static int ToCoarseWeight(int cpuUnits) => Scale(cpuUnits, 1, CoarseUnits, 1, 10000);

    /// <summary>A weight of the fine scale on the coarse one.</summary>
    public static int Coarsen(long fineWeight) => (int)Math.Clamp(((fineWeight * FineUnits) + (CoarseUnits / 2)) / CoarseUnits, 1, 10000);

    private static int Scale(int cpuUnits, int numerator, int denominator, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cpuUnits, MinUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cpuUnits, MaxUnits);
        var nearest = (((long)cpuUnits * numerator) + (denominator / 2)) / denominator;
        return (int)Math.Clamp(nearest, least, most);
    }
}
