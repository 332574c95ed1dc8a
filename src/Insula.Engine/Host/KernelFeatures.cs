using System.Globalization;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>The kernel itself and the system calls that everything stands on.</summary>
public static class KernelFeatures
{
    private const string Group = "kernel";

    /// <summary>mount_setattr(2) came last of what is required.</summary>
    private static readonly (int Major, int Minor) Oldest = (5, 12);

    /// <summary>The version.</summary>
    public static HostFeature Version { get; } = new(
        "version", Group, FeatureNeed.Required, "Linux 5.12 is the oldest kernel that can run containers; from 5.19 on they share their template.",
        view => ReadVersion(view) is not { } version
            ? new FeatureFinding(FeatureState.Limited, "unknown")
            : FeatureFinding.Of(version.CompareTo(Oldest) >= 0, $"{version.Major}.{version.Minor}"));

    /// <summary>openat2(2).</summary>
    public static HostFeature OpenAt2 { get; } = Call("openat2", KernelProbe.OpenAt2, "Files of containers cannot be touched safely.");

    /// <summary>clone3(2).</summary>
    public static HostFeature Clone3 { get; } = Call("clone3", KernelProbe.Clone3, "No container can be started.");

    /// <summary>pidfd_getfd(2).</summary>
    public static HostFeature PidfdGetfd { get; } = Call("pidfd_getfd", KernelProbe.PidfdGetfd, "Consoles and network devices of containers cannot be reached.");

    /// <summary>close_range(2).</summary>
    public static HostFeature CloseRange { get; } = Call("close_range", KernelProbe.CloseRange, "Descriptors could leak into containers, so none is started.");

    /// <summary>fsopen(2), fsmount(2), open_tree(2), move_mount(2).</summary>
    public static HostFeature MountApi { get; } = Call("mount api", KernelProbe.MountApi, "The files of containers cannot be mounted.");

    /// <summary>mount_setattr(2).</summary>
    public static HostFeature MountSetattr { get; } = Call("mount_setattr", KernelProbe.MountSetattr, "The ids of a container's files cannot be mapped.");

    /// <summary>CAP_SYS_ADMIN.</summary>
    public static HostFeature Root { get; } = new(
        "root", Group, FeatureNeed.Required, "Containers are made by root with all its rights.",
        view => FeatureFinding.Of(HasCapability(view, 21), "CAP_SYS_ADMIN"));

    /// <summary>CAP_SYS_RESOURCE.</summary>
    public static HostFeature RaiseLimits { get; } = new(
        "raising limits", Group, FeatureNeed.Recommended, "Without CAP_SYS_RESOURCE no container can have more than the limits of the process that starts it.",
        view => FeatureFinding.Of(HasCapability(view, 24), "CAP_SYS_RESOURCE"));

    internal static IEnumerable<HostFeature> All => [Version, OpenAt2, Clone3, PidfdGetfd, CloseRange, MountApi, MountSetattr, Root, RaiseLimits];

    /// <summary>Reads "6.12.48+deb13-amd64" as 6, 12.</summary>
    internal static (int Major, int Minor)? ReadVersion(IHostView view)
    {
        var parts = (view.Read("/proc/sys/kernel/osrelease") ?? "").Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? (major, minor)
            : null;
    }

    // "CapEff:	000001ffffffffff"
    private static bool HasCapability(IHostView view, int bit)
    {
        const string key = "CapEff:";
        foreach (var line in (view.Read("/proc/self/status") ?? "").Split('\n'))
        {
            if (line.StartsWith(key, StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask))
                return (mask >> bit & 1) != 0;
        }
        return false;
    }

    private static HostFeature Call(string name, KernelProbe probe, string cost) => new(
        name, Group, FeatureNeed.Required, cost, view => FeatureFinding.Of(view.Ask(probe) != Errno.ENOSYS));
}
