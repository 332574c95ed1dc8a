using Insula.Engine.Beancounters;
using Insula.Engine.ProcFs.Files;

namespace Insula.Engine.ProcFs;

/// <summary>The files that are made for each container.</summary>
public static class VirtualFiles
{
    private static readonly string[] Vulnerabilities =
    [
        "gather_data_sampling", "ghostwrite", "indirect_target_selection", "itlb_multihit", "l1tf", "mds", "meltdown", "mmio_stale_data", "old_microcode",
        "reg_file_data_sampling", "retbleed", "spec_rstack_overflow", "spec_store_bypass", "spectre_v1", "spectre_v2", "srbds", "tsa", "tsx_async_abort", "vmscape",
    ];

    /// <summary>Directories that take the place of the kernel's as a whole, because names in them would tell of the host.</summary>
    public static IReadOnlyList<string> Directories { get; } = [ProcessorEntries.Directory, "sys/devices/system/node"];

    /// <summary>Files that take the place of the kernel's one by one.</summary>
    public static IEnumerable<VirtualFile> Single
        => All.Where(file => file.CoversKernelFile && !Directories.Any(directory => file.Path.StartsWith($"{directory}/", StringComparison.Ordinal)));

    /// <summary>All of them. The order gives their node numbers: new ones go to the end.</summary>
    public static IReadOnlyList<VirtualFile> All { get; } =
    [
        new MemInfoFile(),
        new StatFile(),
        new UptimeFile(),
        new LoadAverageFile(),
        new CpuInfoFile(),
        new SwapsFile(),
        new ProcessorListFile("online"),
        new ProcessorListFile("present"),
        new ProcessorListFile("possible"),
        new PressureFile("cpu"),
        new PressureFile("memory"),
        new PressureFile("io"),
        new DiskStatisticsFile(),
        new VmStatisticsFile(),
        new ZoneInfoFile(),
        new ThreadsMaxFile(),
        new BeancounterTextFile("user_beancounters", beancounter => BeancounterFile.UserBeancounters([beancounter])),
        new BeancounterTextFile("bc/resources", beancounter => BeancounterFile.Resources([beancounter])),
        new BeancounterTextFile($"bc/{VirtualFile.OwnNumber}/resources", BeancounterFile.ResourcesOf),
        new VeInfoFile(),
        new VeStatFile(),
        new VzVersionFile(),
        new ConstantFile("sys/devices/system/cpu/offline", "\n"),
        new ConstantFile("sys/devices/system/cpu/isolated", "\n"),
        new HostCopyFile("sys/devices/system/cpu/kernel_max"),
        new HostCopyFile("sys/devices/system/cpu/modalias"),
        new ConstantFile("sys/devices/system/node/online", "0\n"),
        new ConstantFile("sys/devices/system/node/possible", "0\n"),
        new ConstantFile("sys/devices/system/node/has_cpu", "0\n"),
        new ConstantFile("sys/devices/system/node/has_memory", "0\n"),
        new ConstantFile("sys/devices/system/node/has_normal_memory", "0\n"),
        new ConstantFile("sys/devices/system/node/node0/distance", "10\n"),
        new NodeProcessorsFile("cpulist"),
        new NodeProcessorsFile("cpumap"),
        new NodeMemoryFile(),
        .. Vulnerabilities.Select(name => new HostCopyFile($"sys/devices/system/cpu/vulnerabilities/{name}")),
    ];
}
