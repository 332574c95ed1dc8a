using Insula.Linux.Cgroups;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>Where containers' files can live.</summary>
public static class StorageFeatures
{
    private const string Group = "storage";

    /// <summary>overlayfs.</summary>
    public static HostFeature Overlay { get; } = FileSystem(
        "overlay", FeatureNeed.Recommended, "Containers cannot share a template: each is a full copy (layout dir).");

    /// <summary>overlayfs over an idmapped layer.</summary>
    public static HostFeature IdmappedLayers { get; } = new(
        "idmapped overlay layers", Group, FeatureNeed.Recommended, "Containers cannot share a template: each is a full copy (layout dir). Linux 5.19 brings it.",
        view => FeatureFinding.Of(
            view.Ask(KernelProbe.MountSetattr) != Errno.ENOSYS && KernelFeatures.ReadVersion(view) is { } version && version.CompareTo((5, 19)) >= 0));

    /// <summary>FUSE.</summary>
    public static HostFeature Fuse { get; } = new(
        "FUSE", Group, FeatureNeed.Recommended, "Containers see the host's memory and load in /proc instead of their own.",
        view => FeatureFinding.Of(HasFileSystem(view, "fuse") && view.Exists("/dev/fuse"), "/dev/fuse"));

    /// <summary>Loop devices.</summary>
    public static HostFeature Loop { get; } = new(
        "loop devices", Group, FeatureNeed.Optional, "Containers of layout image cannot be mounted.", view => FeatureFinding.Of(view.Exists("/dev/loop-control")));

    /// <summary>Disk quotas of ext4 and xfs.</summary>
    public static HostFeature Quota { get; } = new(
        "disk quota", Group, FeatureNeed.Recommended, "DISKSPACE and DISKINODES cannot be enforced on ext4 and xfs but by layout image, and users inside (QUOTAUGIDLIMIT) not at all.",
        view => view.Ask(KernelProbe.Quota) == Errno.ENOSYS || !view.Exists("/proc/sys/fs/quota")
            ? new FeatureFinding(FeatureState.No, "")
            : FormatsOf(view) is { Length: > 0 } formats ? new FeatureFinding(FeatureState.Yes, formats)
            : new FeatureFinding(FeatureState.Limited, "no quota format is loaded"));

    internal static IEnumerable<HostFeature> All =>
    [
        Overlay,
        IdmappedLayers,
        Fuse,
        Loop,
        Quota,
        FileSystem("btrfs", FeatureNeed.Optional, "Snapshots and limits of btrfs subvolumes cannot be used."),
        FileSystem("squashfs", FeatureNeed.Optional, "Templates cannot be kept as squashfs images."),
        FileSystem("erofs", FeatureNeed.Optional, "Templates cannot be kept as erofs images."),
        new(
            "BFQ", Group, FeatureNeed.Optional, "IOPRIO weighs nothing on disks whose scheduler is not BFQ.",
            view => FeatureFinding.Of(view.HasKernelPart(KernelParts.Bfq.Symbol, KernelParts.Bfq.Module))),
        new(
            "iocost", Group, FeatureNeed.Optional, "IOPRIO has an effect with BFQ only; iocost is one of cgroup v2 (CONFIG_BLK_CGROUP_IOCOST).",
            view => FeatureFinding.Of(CgroupFeatures.FindRoot(view, CgroupController.BlockIo) is { } root && view.Exists($"{root}/io.cost.qos"))),
    ];

    // vfsv1 of ext4 is a module of its own; xfs shows its quota by a file (xqm).
    private static string FormatsOf(IHostView view)
    {
        var ext4 = view.HasKernelPart(KernelParts.QuotaTree.Symbol, KernelParts.QuotaTree.Module) ? "ext4 " : "";
        return (ext4 + (view.Exists("/proc/fs/xfs/xqm") ? "xfs" : "")).Trim();
    }

    private static HostFeature FileSystem(string name, FeatureNeed need, string cost)
        => new(name, Group, need, cost, view => FeatureFinding.Of(HasFileSystem(view, name)));

    // "nodev	overlay" or "	ext4" in /proc/filesystems; a module that is not loaded yet shows only in the list of modules.
    private static bool HasFileSystem(IHostView view, string name)
    {
        foreach (var line in (view.Read("/proc/filesystems") ?? "").Split('\n'))
        {
            if (line.AsSpan(line.LastIndexOf('\t') + 1).SequenceEqual(name))
                return true;
        }
        return view.HasKernelPart("", name);
    }
}
