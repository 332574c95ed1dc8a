using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions;

/// <summary>Configures a container by looking at what is in it, rather than by its template's name.</summary>
public static class DistributionConfigurator
{
    /// <summary>The configurator for this root directory.</summary>
    /// <param name="root">The container's root: mounted, or its private area. Must stay open while the configurator is used.</param>
    /// <param name="rootUid">The host's id for the container's root; new files belong to it.</param>
    /// <param name="rootGid">The host's id for the container's group root.</param>
    public static IDistributionConfigurator For(RootDirectory root, uint rootUid, uint rootGid)
        => new FileConfigurator(new ContainerFiles(root, rootUid, rootGid));
}
