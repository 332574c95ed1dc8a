namespace Insula.Engine.Parameters;

/// <summary>
/// The vswap way of configuring memory: two numbers, memory (PHYSPAGES) and swap (SWAPPAGES), and the other memory parameters
/// follow. Where the old manual page and the old tools' code differ, the code counts.
/// </summary>
public static class VswapRules
{
    /// <summary>True for a configuration that is vswap: PHYSPAGES is there with a limit that is not unlimited (LONG_MAX or INT_MAX).</summary>
    public static bool IsVswap(BarrierLimit? physPages)
        => physPages is { } pages && pages.Limit is not (BarrierLimit.Unlimited or int.MaxValue);

    /// <summary>LOCKEDPAGES where it is not given: memory.</summary>
    public static BarrierLimit LockedPages(BarrierLimit physPages) => new(physPages.Limit);

    /// <summary>OOMGUARPAGES where it is not given: guaranteed up to memory.</summary>
    public static BarrierLimit OomGuarPages(BarrierLimit physPages) => new(physPages.Limit, BarrierLimit.Unlimited);

    /// <summary>VMGUARPAGES where it is not given: guaranteed up to memory and swap.</summary>
    public static BarrierLimit VmGuarPages(BarrierLimit physPages, BarrierLimit swapPages)
        => new(Sum(physPages.Limit, swapPages.Limit), BarrierLimit.Unlimited);

    /// <summary>PRIVVMPAGES where it is not given: memory and swap times <paramref name="overcommit"/>, unlimited when that is 0.</summary>
    public static BarrierLimit PrivVmPages(BarrierLimit physPages, BarrierLimit swapPages, double overcommit)
    {
        var pages = Sum(physPages.Limit, swapPages.Limit);
        if (overcommit == 0 || pages == BarrierLimit.Unlimited)
            return new BarrierLimit(BarrierLimit.Unlimited);
        var scaled = pages * overcommit;
        return new BarrierLimit(scaled >= BarrierLimit.Unlimited ? BarrierLimit.Unlimited : (long)scaled);
    }

    /// <summary>
    /// Setting memory of a vswap configuration without saying how much swap there is, now or in the file, is an error (28) of
    /// <c>vzctl set</c>.
    /// </summary>
    /// <param name="physPages">PHYSPAGES after the change, or null.</param>
    /// <param name="swapPages">SWAPPAGES after the change, or null.</param>
    public static bool LacksSwap(BarrierLimit? physPages, BarrierLimit? swapPages) => IsVswap(physPages) && swapPages is null;

    private static long Sum(long memory, long swap)
        => memory > BarrierLimit.Unlimited - swap ? BarrierLimit.Unlimited : memory + swap;
}
