using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Beancounters;

/// <summary>
/// Barrier and limit of each resource, from a configuration: what it says, in a vswap configuration what follows from memory and swap,
/// unlimited where it says nothing.
/// </summary>
public static class BeancounterBounds
{
    private static readonly BarrierLimit NoBound = new(BarrierLimit.Unlimited);

    /// <summary>The bounds of one resource. A value that cannot be understood counts as none; start refuses such a file.</summary>
    public static BarrierLimit Of(ContainerConfig config, BeancounterResource resource)
    {
        if (config.TryPeek(resource.Parameter, out var own))
            return own;
        return config.TryPeek(BeancounterParameters.PhysPages, out var memory) && VswapRules.IsVswap(memory)
            ? Derived(config, resource, memory)
            : Default(resource);
    }

    /// <summary>What a beancounter without configuration has: the host's.</summary>
    public static BarrierLimit Default(BeancounterResource resource) => resource == BeancounterResources.GuaranteedMemory
        ? new BarrierLimit(0, BarrierLimit.Unlimited)
        : NoBound;

    private static BarrierLimit Derived(ContainerConfig config, BeancounterResource resource, BarrierLimit memory)
    {
        var swap = config.TryPeek(BeancounterParameters.SwapPages, out var given) ? given : new BarrierLimit(0);
        var overcommit = config.TryPeek(BeancounterParameters.VmOvercommit, out var factor) ? factor : 0;
        if (resource == BeancounterResources.Locked)
            return VswapRules.LockedPages(memory);
        if (resource == BeancounterResources.OomGuarantee)
            return VswapRules.OomGuarPages(memory);
        if (resource == BeancounterResources.GuaranteedMemory)
            return VswapRules.VmGuarPages(memory, swap);
        return resource == BeancounterResources.PrivateMemory ? VswapRules.PrivVmPages(memory, swap, overcommit) : Default(resource);
    }
}
