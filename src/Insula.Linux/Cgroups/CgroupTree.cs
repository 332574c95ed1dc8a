using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// Our part of every hierarchy of the host: a directory of the same name in each, made by us only, with one group for each
/// container in it.
/// </summary>
public sealed class CgroupTree
{
    private const int MaxRootLength = 256;

    private CgroupTree(CgroupWorld world, string rootName)
    {
        World = world;
        RootName = rootName;
    }

    /// <summary>The host's hierarchies.</summary>
    public CgroupWorld World { get; }

    /// <summary>The tree's directory, seen from each hierarchy's root: <c>insula</c>.</summary>
    public string RootName { get; }

    /// <summary>The part of <see cref="RootName"/> that is a unit of systemd; empty if it begins with a name of our own.</summary>
    public string UnitName => string.Join('/', RootName.Split('/').Take(GroupName.UnitsIn(RootName)));

    /// <summary>The v2 directory of that unit, which must be there before a group is made; null if there is none to wait for.</summary>
    public string? UnitDirectory => World.Unified is { } unified && UnitName is { Length: > 0 } unit ? unified.PathOf(unit) : null;

    /// <summary>The weight and ceiling of all our groups together against the rest of the host; null without a cpu controller.</summary>
    public CpuControl? Cpu
        => World.Find(CgroupController.Cpu) is { } hierarchy ? CpuControl.For(hierarchy, hierarchy.PathOf(RootName)) : null;

    /// <summary>Names the tree; makes nothing yet.</summary>
    /// <param name="world">The host's hierarchies.</param>
    /// <param name="rootName">
    /// One or more names of letters, digits, "-" and "_", with slashes between. Directories of systemd's units may come first
    /// (<c>insula.slice/insula-containers.service</c>): in v2 those are never made, written to or removed.
    /// </param>
    /// <exception cref="ArgumentException">Another sort of name.</exception>
    /// <exception cref="LinuxException">The host has no hierarchy mounted.</exception>
    public static CgroupTree Open(CgroupWorld world, string rootName)
    {
        if (!IsValidName(rootName))
            throw new ArgumentException($"\"{rootName}\" cannot be the name of a tree of control groups", nameof(rootName));
        if (world.Kind == CgroupWorldKind.None)
            throw new LinuxException("find", "a control group hierarchy", Errno.ENODEV, "mount -t cgroup2 none /sys/fs/cgroup");
        return new CgroupTree(world, rootName);
    }

    /// <summary>True if <see cref="Open"/> takes the name.</summary>
    public static bool IsValidName(string rootName) => rootName.Length <= MaxRootLength && GroupName.IsValidPath(rootName);

    /// <summary>The group of that name in this tree, there or not.</summary>
    /// <exception cref="ArgumentException">Not a name of letters, digits, "-" and "_".</exception>
    public ControlGroup Group(string name)
    {
        GroupName.Check(name, nameof(name));
        return new ControlGroup(World, $"{RootName}/{name}");
    }

    /// <summary>The names of the groups in this tree, in whichever hierarchy they are.</summary>
    public SortedSet<string> GroupNames()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var hierarchy in World.Hierarchies)
        {
            var path = hierarchy.PathOf(RootName);
            using var directory = CgroupDirectory.TryOpen(path);
            if (directory is not null)
                names.UnionWith(CgroupDirectory.Children(directory, path));
        }
        return names;
    }

    /// <summary>Removes the tree's own directories, if no group is left in them. True when none of them is there any more.</summary>
    /// <exception cref="LinuxException">The kernel refused for another reason than groups being left.</exception>
    public bool TryDelete()
    {
        var gone = true;
        foreach (var hierarchy in World.Hierarchies)
        {
            var own = hierarchy.IsUnified ? GroupName.UnitsIn(RootName) : 0;
            // Of "insula/trial" goes "insula" too, unless others are in it.
            var name = RootName;
            for (var depth = name.Count(c => c == '/') + 1; depth > own; depth--)
            {
                var errno = RemoveIfEmpty(hierarchy.PathOf(name));
                if (name.Length == RootName.Length)
                    gone &= errno == Errno.None;
                if (errno != Errno.None)
                    break;
                name = depth > 1 ? name[..name.LastIndexOf('/')] : name;
            }
        }
        return gone;
    }

    private static Errno RemoveIfEmpty(string path)
    {
        var errno = CgroupDirectory.TryRemove(Files.CurrentDirectory, path);
        return errno switch
        {
            Errno.None or Errno.ENOENT => Errno.None,
            Errno.EBUSY or Errno.ENOTEMPTY => errno,
            _ => throw new LinuxException("remove control group", path, errno),
        };
    }
}
