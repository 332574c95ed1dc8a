using Insula.Engine.Configuration;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Parameters;

/// <summary>
/// What a configuration must hold before a container starts. vswap: memory and swap. Else every beancounter but
/// swappages; the old tools exit with 28 when one is missing.
/// </summary>
public static class RequiredParameters
{
    /// <summary>The keys that are missing; empty: the container may start.</summary>
    public static IReadOnlyList<string> Missing(ContainerConfig config)
    {
        var physPages = config.TryGet(BeancounterParameters.PhysPages, out var pages) ? pages : (BarrierLimit?)null;
        if (VswapRules.IsVswap(physPages))
            return config.TryGet(BeancounterParameters.SwapPages, out _) ? [] : [BeancounterParameters.SwapPages.Key];
        var missing = new List<string>();
        foreach (var resource in BeancounterParameters.Resources)
        {
            if (resource != BeancounterParameters.SwapPages && !config.TryGet(resource, out _))
                missing.Add(resource.Key);
        }
        return missing;
    }

    /// <summary>Throws when something is missing.</summary>
    /// <exception cref="InsulaException">Something is (28), and what.</exception>
    public static void Demand(ContainerConfig config)
    {
        var missing = Missing(config);
        if (missing.Count > 0)
        {
            throw new InsulaException(
                ExitCode.NotEnoughBeancounters,
                $"CT {config.Ctid} cannot start: {string.Join(", ", missing)} not set in {config.File.Name}",
                "Set memory and swap with --ram and --swap, or apply a sample");
        }
    }
}
