using Insula.Engine.Beancounters;
using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Planning;

/// <summary>The account that a container would have if it were started: nothing held, and the bounds of its configuration.</summary>
public static class ConfiguredBeancounter
{
    /// <summary>Of a configuration; what it does not bound is unlimited, or follows from memory and swap in a vswap one.</summary>
    public static Beancounter Of(ContainerConfig config)
        => new(config.Ctid, [.. BeancounterResources.All.Select(resource => Row(config, resource))]);

    private static BeancounterReading Row(ContainerConfig config, BeancounterResource resource)
    {
        var bounds = config.TryPeek(resource.Parameter, out var own) ? own : Derived(config, resource) ?? new BarrierLimit(BarrierLimit.Unlimited);
        return new BeancounterReading(resource, 0, 0, bounds.Barrier, bounds.Limit, 0);
    }

    private static BarrierLimit? Derived(ContainerConfig config, BeancounterResource resource)
    {
        if (!config.TryPeek(BeancounterParameters.PhysPages, out var memory) || !VswapRules.IsVswap(memory))
            return null;
        var swap = config.TryPeek(BeancounterParameters.SwapPages, out var given) ? given : new BarrierLimit(0);
        if (resource == BeancounterResources.Locked)
            return VswapRules.LockedPages(memory);
        if (resource == BeancounterResources.OomGuarantee)
            return VswapRules.OomGuarPages(memory);
        if (resource == BeancounterResources.GuaranteedMemory)
            return VswapRules.VmGuarPages(memory, swap);
        if (resource == BeancounterResources.PrivateMemory)
            return VswapRules.PrivVmPages(memory, swap, config.TryPeek(BeancounterParameters.VmOvercommit, out var factor) ? factor : 0);
        return null;
    }
}
