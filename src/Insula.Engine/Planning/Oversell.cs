namespace Insula.Engine.Planning;

/// <summary>RAM and swap sold to the running containers beside what there is: what vzoversell shows.</summary>
/// <param name="Rows">The containers.</param>
/// <param name="Host">The host.</param>
public sealed record Oversell(IReadOnlyList<OversellRow> Rows, HostResources Host)
{
    /// <summary>RAM of all containers.</summary>
    public MemoryUse Ram => Rows.Aggregate(default(MemoryUse), (sum, row) => sum.Plus(row.Ram));

    /// <summary>Swap of all containers.</summary>
    public MemoryUse Swap => Rows.Aggregate(default(MemoryUse), (sum, row) => sum.Plus(row.Swap));

    /// <summary>Sold RAM as a fraction of the host's.</summary>
    public double? RamFraction => Fraction(Ram.Limit, Host.Memory);

    /// <summary>Sold swap as a fraction of the host's; null on a host without swap.</summary>
    public double? SwapFraction => Fraction(Swap.Limit, Host.Swap);

    /// <summary>Sold RAM and swap as a fraction of the host's. Above 1 the host cannot hold what it has promised.</summary>
    public double? TotalFraction => Fraction((double)Ram.Limit + Swap.Limit, Host.MemoryAndSwap);

    private static double? Fraction(double sold, long there) => there > 0 ? sold / there : null;
}
