using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions;

/// <summary>Finds the configurator for what is in a container, by looking at it rather than by the template's name.</summary>
public static class DistributionConfigurator
{
    /// <summary>The configurator for this root directory.</summary>
    /// <param name="root">The container's root: mounted, or its private area. Must stay open while the configurator is used.</param>
    /// <param name="rootUid">The host's id for the container's root; new files belong to it.</param>
    /// <param name="rootGid">The host's id for the container's group root.</param>
    public static IDistributionConfigurator For(RootDirectory root, uint rootUid, uint rootGid)
    {
        var files = new ContainerFiles(root, rootUid, rootGid);
        return IsDebianFamily(files) ? new DebianConfigurator(files) : new GenericConfigurator(files);
    }

    private static bool IsDebianFamily(ContainerFiles files)
        => files.Exists("etc/debian_version")
            || files.Exists("etc/network/interfaces")
            || OsRelease.IsLike(files.Read("etc/os-release") ?? files.Read("usr/lib/os-release") ?? "", "debian");
}
