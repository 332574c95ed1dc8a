using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs.Files;

/// <summary>A file in /sys/devices/system/cpu/cpuN: the host's, and where it names processors, those of the container.</summary>
/// <param name="number">The processor.</param>
/// <param name="path">Below its directory: <c>topology/core_id</c>.</param>
public sealed class ProcessorFile(int number, string path) : VirtualFile($"{ProcessorEntries.Directory}/cpu{number}/{path}")
{
    private static readonly string[] Masks = ["_cpus", "_siblings", "_map"];

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var text = (view.HostFile(ProcessorEntries.HostPath(number, path)) ?? "").TrimEnd();
        if (path.EndsWith("_list", StringComparison.Ordinal) && CpuSet.TryParse(text, out var set))
            text = set.Intersect(view.Processors).ToString();
        else if (Masks.Any(end => path.EndsWith(end, StringComparison.Ordinal)))
            text = ProcessorMask.Keep(text, view.Processors);
        output.Add(text).Add("\n"u8);
    }
}
