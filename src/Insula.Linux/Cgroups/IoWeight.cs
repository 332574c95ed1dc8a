namespace Insula.Linux.Cgroups;

/// <summary>
/// OpenVZ's ioprio (0 to 7, default 4) as a weight of BFQ and iocost (1 to 1000 and more, default 100). A straight line with the ratios
/// of CFQ's time slices: 7 gets eight times the disk time of 0, and the default is the kernel's own, so that a container weighs as
/// much as any other group of the host.
/// </summary>
public static class IoWeight
{
    /// <summary>The highest priority.</summary>
    public const int MaxPriority = 7;

    private const int Step = 20;

    /// <summary>20 for priority 0, 100 for 4, 160 for 7.</summary>
    public static int Of(int priority)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, MaxPriority);
        return (priority + 1) * Step;
    }
}
