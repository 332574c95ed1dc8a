namespace Insula.Engine.Host;

/// <summary>Whether a host has been prepared for Insula, and what else lives on it.</summary>
internal static class PreparationFeatures
{
    private const string Group = "preparation";

    private static readonly (string Name, string Sign)[] OtherManagers =
    [
        ("Docker", "/run/docker.sock"),
        ("Podman", "/run/podman/podman.sock"),
        ("containerd", "/run/containerd/containerd.sock"),
        ("LXD", "/var/snap/lxd/common/lxd/unix.socket"),
        ("Incus", "/run/incus/unix.socket"),
        ("LXC", "/run/lxc"),
        ("libvirt", "/run/libvirt/libvirt-sock"),
        ("CRI-O", "/run/crio/crio.sock"),
    ];

    public static IEnumerable<HostFeature> Of(HostLayout layout)
    {
        yield return new HostFeature(
            "global configuration", Group, FeatureNeed.Recommended, "Every command of vzctl ends with code 10 until the file is there.",
            view => FeatureFinding.Of(view.Exists(layout.GlobalConfigFile), layout.GlobalConfigFile));
        yield return new HostFeature(
            "directories", Group, FeatureNeed.Recommended, "Containers cannot be made, or users of the host can see into them, until it is prepared.", _ => LookAtDirectories(layout));
        yield return new HostFeature(
            "insulad", Group, FeatureNeed.Recommended,
            "Containers that reboot stay stopped, those that end are cleaned up by the next command, and there are no events; the next start brings it up unless VIRTUAL_PROC=no.",
            _ => Serving.DaemonState.FindKeeper(layout) is { } pid ? new FeatureFinding(FeatureState.Yes, $"process {pid}") : new FeatureFinding(FeatureState.No, "does not run"));
        yield return Program("mmdebstrap", "Templates of Debian cannot be built; archives can still be imported.");
        yield return Program("xz", "Archives ending in .tar.xz cannot be read.");
        yield return Program("zstd", "Archives ending in .tar.zst cannot be read.");
        yield return new HostFeature(
            "no other container manager", Group, FeatureNeed.Optional,
            "They work side by side, but share the firewall; Docker's drops forwarded packets unless told otherwise.", LookForManagers);
    }

    // One that is missing keeps containers from being made; one that is too open only lets users of the host look in. The run directory
    // is made anew after each start of the host by whoever needs it first.
    private static FeatureFinding LookAtDirectories(HostLayout layout)
    {
        var problems = new List<string>();
        var state = FeatureState.Yes;
        foreach (var directory in HostDirectory.Of(layout))
        {
            var missing = !Directory.Exists(directory.Path);
            if ((missing && directory.Path == layout.RunDirectory) || directory.Problem() is not { } problem)
                continue;
            problems.Add($"{directory.Path} {problem}");
            state = missing ? FeatureState.No : state == FeatureState.Yes ? FeatureState.Limited : state;
        }
        return new FeatureFinding(state, string.Join("; ", problems));
    }

    private static HostFeature Program(string name, string cost) => new(
        name, Group, FeatureNeed.Recommended, cost,
        view => view.FindProgram(name) is { } path ? new FeatureFinding(FeatureState.Yes, path) : new FeatureFinding(FeatureState.No, ""));

    private static FeatureFinding LookForManagers(IHostView view)
    {
        var found = new List<string>();
        foreach (var (name, sign) in OtherManagers)
        {
            if (view.Exists(sign))
                found.Add(name);
        }
        return found.Count == 0
            ? new FeatureFinding(FeatureState.Yes, "none found")
            : new FeatureFinding(FeatureState.Limited, string.Join(", ", found));
    }
}
