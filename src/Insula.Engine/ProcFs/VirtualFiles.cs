using Insula.Engine.ProcFs.Files;

namespace Insula.Engine.ProcFs;

/// <summary>The files that are made for each container.</summary>
public static class VirtualFiles
{
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
    ];
}
