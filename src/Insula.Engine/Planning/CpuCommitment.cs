using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Planning;

/// <summary>What of the processors has been promised: what vzcpucheck shows.</summary>
/// <param name="Nodes">The host and the running containers with their CPUUNITS.</param>
/// <param name="Power">What the host's processors are worth, in CPU units: 25 for each bogomips.</param>
public sealed record CpuCommitment(IReadOnlyList<CpuNode> Nodes, decimal Power)
{
    private const decimal UnitsPerBogoMips = 25;

    /// <summary>CPU units promised.</summary>
    public long Utilization => Nodes.Sum(node => Promised(node.Units));

    /// <summary>True if more has been promised than there is. A host that tells no bogomips is never said to be so.</summary>
    public bool IsOvercommitted => Power > 0 && Utilization > Power;

    /// <summary>Of a host and its containers.</summary>
    public static CpuCommitment Of(HostResources host, IEnumerable<CpuNode> nodes) => new([.. nodes], host.BogoMips * UnitsPerBogoMips);

    // OpenVZ's scheduler kept a whole weight, 500000 / units, and its tools calculated the units from it: 1500 counts as 1501.
    private static long Promised(long units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, CpuParameters.MinimumUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, CpuParameters.MaximumUnits);
        return CpuParameters.MaximumUnits / (CpuParameters.MaximumUnits / units);
    }
}
