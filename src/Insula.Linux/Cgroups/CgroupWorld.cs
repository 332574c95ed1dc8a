using System.Text;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>How a host has its cgroups mounted.</summary>
public enum CgroupWorldKind
{
    /// <summary>No cgroup hierarchy is mounted.</summary>
    None,

    /// <summary>cgroup v1 hierarchies only.</summary>
    V1,

    /// <summary>v1 hierarchies hold the controllers that containers need; a cgroup2 mount beside them may hold the rest or none.</summary>
    Hybrid,

    /// <summary>cgroup v2 holds everything that containers need.</summary>
    V2,
}

/// <summary>Which cgroup hierarchies this host has mounted, and where each controller is to be found.</summary>
public sealed class CgroupWorld
{
    private CgroupWorld(List<CgroupHierarchy> hierarchies, List<CgroupController> disabled)
    {
        Hierarchies = hierarchies;
        DisabledControllers = disabled;
        Kind = KindOf(hierarchies);
        foreach (var hierarchy in hierarchies)
        {
            if (hierarchy.IsUnified)
                Unified = hierarchy;
        }
    }

    /// <summary>The kind of world.</summary>
    public CgroupWorldKind Kind { get; }

    /// <summary>Every hierarchy, each once, in the order of the mount table.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>Controllers that the kernel has but that were switched off at boot (cgroup_disable=memory).</summary>
    public IReadOnlyList<CgroupController> DisabledControllers { get; }

    /// <summary>The cgroup2 hierarchy; null where there is none.</summary>
    public CgroupHierarchy? Unified { get; }

    /// <summary>The hierarchy in which <paramref name="controller"/> works; null if this host offers it nowhere.</summary>
    public CgroupHierarchy? Find(CgroupController controller)
    {
        foreach (var hierarchy in Hierarchies)
        {
            if (hierarchy.Has(controller))
                return hierarchy;
        }
        return null;
    }

    /// <summary>Looks at the running system.</summary>
    public static CgroupWorld Detect() => Read("/proc/self/mountinfo", "/proc/cgroups");

    /// <summary>As <see cref="Detect"/>, from other files of the same format.</summary>
    internal static CgroupWorld Read(string mountInfoPath, string cgroupsPath)
    {
        var mountInfo = Files.ReadText(mountInfoPath);
        // Gone from kernels that were built with cgroup v2 alone.
        var cgroups = CgroupFile.TryRead(cgroupsPath) ?? "";
        return Parse(mountInfo, cgroups, mountPoint => CgroupFile.TryRead($"{mountPoint}/cgroup.controllers") ?? "");
    }

    /// <summary>Works out the world from text.</summary>
    /// <param name="mountInfo">/proc/self/mountinfo, with lines such as
    /// <c>35 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct</c>.</param>
    /// <param name="cgroups">/proc/cgroups, with lines such as <c>memory 4 14 1</c> (name, hierarchy, groups, enabled).</param>
    /// <param name="unifiedControllers">Gives cgroup.controllers of the cgroup2 mount at a path: <c>cpuset cpu io memory pids</c>.</param>
    public static CgroupWorld Parse(string mountInfo, string cgroups, Func<string, string> unifiedControllers)
    {
        var hierarchies = new List<CgroupHierarchy>();
        foreach (var mount in CgroupMounts(mountInfo))
        {
            var hierarchy = mount.Type == "cgroup2"
                ? new CgroupHierarchy(mount.MountPoint, true, null, ParseControllers(unifiedControllers(mount.MountPoint), ' '))
                : new CgroupHierarchy(mount.MountPoint, false, NameOption(mount.SuperOptions), ParseControllers(mount.SuperOptions, ','));
            if (!Contains(hierarchies, hierarchy))
                hierarchies.Add(hierarchy);
        }
        return new CgroupWorld(hierarchies, ParseDisabled(cgroups));
    }

    // A host of a thousand containers has a mount table of thousands of lines, so only the few that count become objects.
    // The same hierarchy may be mounted again, for instance a part of it for a service: the mount of its root comes first.
    private static List<MountEntry> CgroupMounts(string mountInfo)
    {
        var lines = new StringBuilder();
        foreach (var line in mountInfo.AsSpan().EnumerateLines())
        {
            if (line.Contains(" - cgroup", StringComparison.Ordinal))
                lines.Append(line).Append('\n');
        }
        var whole = new List<MountEntry>();
        var partial = new List<MountEntry>();
        foreach (var entry in MountTable.Parse(lines.ToString()))
        {
            if (entry.Type is "cgroup" or "cgroup2")
                (entry.Root == "/" ? whole : partial).Add(entry);
        }
        whole.AddRange(partial);
        return whole;
    }

    private static bool Contains(List<CgroupHierarchy> known, CgroupHierarchy candidate)
    {
        foreach (var hierarchy in known)
        {
            if (hierarchy.IsUnified != candidate.IsUnified)
                continue;
            if (candidate.IsUnified || (candidate.Name is not null && candidate.Name == hierarchy.Name))
                return true;
            if (candidate.Controllers.Count > 0 && hierarchy.Has(candidate.Controllers[0]))
                return true;
        }
        return false;
    }

    private static List<CgroupController> ParseControllers(string text, char separator)
    {
        var controllers = new List<CgroupController>();
        var words = text.AsSpan().Trim();
        foreach (var range in words.Split(separator))
        {
            if (CgroupControllerNames.Find(words[range]) is { } controller)
                controllers.Add(controller);
        }
        return controllers;
    }

    // rw,xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd
    private static string? NameOption(string options)
    {
        var span = options.AsSpan();
        foreach (var range in span.Split(','))
        {
            if (span[range].StartsWith("name=", StringComparison.Ordinal))
                return span[range]["name=".Length..].ToString();
        }
        return null;
    }

    private static List<CgroupController> ParseDisabled(string cgroups)
    {
        var disabled = new List<CgroupController>();
        Span<Range> fields = stackalloc Range[5];
        foreach (var line in cgroups.AsSpan().EnumerateLines())
        {
            if (line.SplitAny(fields, " \t", StringSplitOptions.RemoveEmptyEntries) < 4 || line[fields[3]] is not "0")
                continue;
            if (CgroupControllerNames.Find(line[fields[0]]) is { } controller)
                disabled.Add(controller);
        }
        return disabled;
    }

    // A v1 mount of something containers do not need (net_cls for a VPN, say) does not make a v2 host hybrid.
    private static CgroupWorldKind KindOf(List<CgroupHierarchy> hierarchies)
    {
        var unified = false;
        var needed = false;
        foreach (var hierarchy in hierarchies)
        {
            unified |= hierarchy.IsUnified;
            needed |= !hierarchy.IsUnified && HoldsWhatContainersNeed(hierarchy);
        }
        if (hierarchies.Count == 0)
            return CgroupWorldKind.None;
        if (!unified)
            return CgroupWorldKind.V1;
        return needed ? CgroupWorldKind.Hybrid : CgroupWorldKind.V2;
    }

    private static bool HoldsWhatContainersNeed(CgroupHierarchy hierarchy)
        => hierarchy.IsSystemd
            || hierarchy.Has(CgroupController.Cpu)
            || hierarchy.Has(CgroupController.CpuSet)
            || hierarchy.Has(CgroupController.Memory)
            || hierarchy.Has(CgroupController.Pids)
            || hierarchy.Has(CgroupController.BlockIo)
            || hierarchy.Has(CgroupController.Devices);
}
