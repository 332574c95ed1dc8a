using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>What lets a host see and share what its containers use.</summary>
public static class AccountingFeatures
{
    private const string Group = "accounting";

    /// <summary>Pressure stall information.</summary>
    public static HostFeature Pressure { get; } = new(
        "PSI", Group, FeatureNeed.Recommended, "How long containers wait for CPU, memory and disks is not known; boot with psi=1.",
        view => FeatureFinding.Of(view.Read("/proc/pressure/memory") != null, "/proc/pressure"));

    /// <summary>Kernel same-page merging.</summary>
    public static HostFeature SamePages { get; } = new(
        "KSM", Group, FeatureNeed.Optional, "Equal pages of different containers cannot be merged.",
        view => view.Read("/sys/kernel/mm/ksm/run") is { } run
            ? new FeatureFinding(FeatureState.Yes, run == "1" ? "running" : "not running")
            : new FeatureFinding(FeatureState.No, ""));

    /// <summary>BPF, with the kernel's own type information.</summary>
    public static HostFeature Bpf { get; } = new(
        "BPF", Group, FeatureNeed.Recommended, "Sockets and files of containers are counted by reading /proc, and not limited.",
        view => view.Ask(KernelProbe.BpfCgroupDevice) is var error && error != Errno.None ? new FeatureFinding(FeatureState.No, $"{error}")
            : view.Exists("/sys/kernel/btf/vmlinux") ? new FeatureFinding(FeatureState.Yes, "with BTF")
            : new FeatureFinding(FeatureState.Limited, "without BTF"));

    /// <summary>BPF programs on sockets of a cgroup.</summary>
    public static HostFeature BpfSockets { get; } = Programs(
        "BPF socket programs", KernelProbe.BpfCgroupSocket, FeatureNeed.Recommended, "numtcpsock and numothersock are sampled and not enforced.");

    /// <summary>BPF programs that decide what kernel functions return.</summary>
    public static HostFeature BpfModifyReturn { get; } = Programs(
        "BPF fmod_ret programs", KernelProbe.BpfModifyReturn, FeatureNeed.Optional,
        "privvmpages, numfile, numflock and numothersock are held per process or sampled instead of exactly.");

    /// <summary>BPF programs that are called for each task.</summary>
    public static HostFeature BpfIterators { get; } = Programs(
        "BPF iterators", KernelProbe.BpfIterator, FeatureNeed.Optional, "What cannot be counted is sampled from /proc.");

    /// <summary>BPF programs at tracepoints.</summary>
    public static HostFeature BpfTracePoints { get; } = Programs(
        "BPF tracepoint programs", KernelProbe.BpfTracePoint, FeatureNeed.Recommended,
        "The kernel does not note how containers end: a reboot is told from another end only if insulad looks before init is reaped.");

    /// <summary>What a pidfd tells of an end.</summary>
    public static HostFeature PidfdExit { get; } = new(
        "pidfd exit information", Group, FeatureNeed.Optional, "Where the kernel does not note how containers end, some ends stay unknown; Linux 6.15 tells.",
        view => FeatureFinding.Of(view.Ask(KernelProbe.PidfdExit) == Errno.None));

    internal static IEnumerable<HostFeature> All =>
    [
        Bpf,
        BpfSockets,
        BpfModifyReturn,
        BpfIterators,
        BpfTracePoints,
        PidfdExit,
        Pressure,
        SamePages,
        new(
            "shared page counts", Group, FeatureNeed.Optional, "vzubc --shared cannot tell who shares a page.",
            view => FeatureFinding.Of(view.Exists("/proc/kpagecount"), "/proc/kpagecount")),
    ];

    private static HostFeature Programs(string name, KernelProbe probe, FeatureNeed need, string cost) => new(
        name, Group, need, cost,
        view => view.Ask(probe) is var error && error == Errno.None ? new FeatureFinding(FeatureState.Yes, "") : new FeatureFinding(FeatureState.No, $"{error}"));
}
