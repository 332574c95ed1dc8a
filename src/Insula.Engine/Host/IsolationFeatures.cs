using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>What keeps containers apart from each other and from the host.</summary>
public static class IsolationFeatures
{
    private const string Group = "isolation";
    private const string SecurityModules = "/sys/kernel/security/lsm";

    /// <summary>User namespaces, and the right to make them.</summary>
    public static HostFeature UserNamespaces { get; } = new(
        "user namespaces", Group, FeatureNeed.Required, "Root in a container would be root on the host, so none is started.",
        view => !view.Exists("/proc/self/ns/user") ? new FeatureFinding(FeatureState.No, "")
            : view.Read("/proc/sys/user/max_user_namespaces") == "0" ? new FeatureFinding(FeatureState.No, "user.max_user_namespaces is 0")
            : new FeatureFinding(FeatureState.Yes, ""));

    /// <summary>Namespaces of time.</summary>
    public static HostFeature TimeNamespaces { get; } = Namespace("time", FeatureNeed.Optional, "A container's uptime is the host's, and jumps when it is migrated.");

    /// <summary>seccomp.</summary>
    public static HostFeature Seccomp { get; } = new(
        "seccomp filters", Group, FeatureNeed.Required, "System calls that endanger the shared kernel cannot be kept from containers.",
        view => FeatureFinding.Of(view.Ask(KernelProbe.SeccompFilter) == Errno.None));

    /// <summary>seccomp's questions to a supervisor.</summary>
    public static HostFeature SeccompListener { get; } = new(
        "seccomp notification", Group, FeatureNeed.Optional, "sysinfo(2) tells a container of the host: free of busybox, getconf _PHYS_PAGES. Linux 5.19 brings it.",
        view => FeatureFinding.Of(view.Ask(KernelProbe.SeccompListener) == Errno.EFAULT));

    /// <summary>AppArmor.</summary>
    public static HostFeature AppArmor { get; } = new(
        "AppArmor", Group, FeatureNeed.Optional, "No second fence stands behind user namespaces and seccomp.",
        view => FeatureFinding.Of(view.Read("/sys/module/apparmor/parameters/enabled") == "Y"));

    /// <summary>BPF as a security module. That it is active does not mean that a program can be attached.</summary>
    public static HostFeature BpfLsm { get; } = new(
        "BPF LSM", Group, FeatureNeed.Optional, "Only what others attach needs it: beancounters use fmod_ret.",
        view =>
        {
            var list = view.Read(SecurityModules);
            if (list != null && Array.IndexOf(list.Split(','), "bpf") < 0)
                return new FeatureFinding(FeatureState.No, list);
            var error = view.Ask(KernelProbe.BpfSecurityHook);
            if (error == Errno.None)
                return new FeatureFinding(FeatureState.Yes, list ?? "");
            return list is null ? new FeatureFinding(FeatureState.No, $"{error}") : new FeatureFinding(FeatureState.Limited, $"active, but takes no program: {error}");
        });

    internal static IEnumerable<HostFeature> All =>
    [
        UserNamespaces,
        Namespace("mnt", FeatureNeed.Required, "No container can be started."),
        Namespace("pid", FeatureNeed.Required, "No container can be started."),
        Namespace("net", FeatureNeed.Required, "No container can be started."),
        Namespace("ipc", FeatureNeed.Required, "No container can be started."),
        Namespace("uts", FeatureNeed.Required, "No container can be started."),
        Namespace("cgroup", FeatureNeed.Required, "No container can be started."),
        TimeNamespaces,
        Seccomp,
        SeccompListener,
        AppArmor,
        BpfLsm,
    ];

    private static HostFeature Namespace(string name, FeatureNeed need, string cost)
        => new($"{name} namespaces", Group, need, cost, view => FeatureFinding.Of(view.Exists($"/proc/self/ns/{name}")));
}
