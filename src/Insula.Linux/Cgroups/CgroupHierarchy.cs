namespace Insula.Linux.Cgroups;

/// <summary>One mounted cgroup hierarchy.</summary>
public sealed class CgroupHierarchy
{
    internal CgroupHierarchy(string mountPoint, bool isUnified, string? name, List<CgroupController> controllers)
    {
        MountPoint = mountPoint;
        IsUnified = isUnified;
        Name = name;
        Controllers = controllers;
    }

    /// <summary>Where it is mounted: <c>/sys/fs/cgroup/memory</c>.</summary>
    public string MountPoint { get; }

    /// <summary>True for the cgroup v2 hierarchy, of which there is at most one.</summary>
    public bool IsUnified { get; }

    /// <summary>The name of a named v1 hierarchy (<c>systemd</c> of <c>name=systemd</c>), or null.</summary>
    public string? Name { get; }

    /// <summary>The controllers that work here. Empty for a named v1 hierarchy, and for the v2 mount of a host that has them all on v1.</summary>
    public IReadOnlyList<CgroupController> Controllers { get; }

    /// <summary>True for the v1 hierarchy in which systemd keeps its units.</summary>
    public bool IsSystemd => Name == "systemd";

    /// <summary>True if <paramref name="controller"/> works here.</summary>
    public bool Has(CgroupController controller)
    {
        foreach (var own in Controllers)
        {
            if (own == controller)
                return true;
        }
        return false;
    }

    /// <summary>The directory of a group, named from the hierarchy's root: <c>insula/101</c>.</summary>
    public string PathOf(string group) => $"{MountPoint}/{group}";

    /// <inheritdoc/>
    public override string ToString() => MountPoint;
}
