using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>What suspending and migrating a running container needs.</summary>
public static class CheckpointFeatures
{
    private const string Group = "checkpoint";

    /// <summary>CRIU.</summary>
    public static HostFeature Criu { get; } = new(
        "CRIU", Group, FeatureNeed.Optional, "Running containers cannot be suspended, resumed or migrated.",
        view => view.FindProgram("criu") is not { } program ? new FeatureFinding(FeatureState.No, "")
            : view.FirstLineOf(program, "--version") is { } version ? new FeatureFinding(FeatureState.Yes, $"{program}, {version}")
            : new FeatureFinding(FeatureState.Limited, $"{program} does not run"));

    internal static IEnumerable<HostFeature> All =>
    [
        Criu,
        new(
            "userfaultfd", Group, FeatureNeed.Optional, "A migrated container stands still until all its memory has arrived.",
            view => FeatureFinding.Of(view.Ask(KernelProbe.UserFaultFd) != Errno.ENOSYS, Unprivileged(view))),
    ];

    private static string Unprivileged(IHostView view)
        => view.Read("/proc/sys/vm/unprivileged_userfaultfd") is { } value ? $"vm.unprivileged_userfaultfd = {value}" : "";
}
