using System.Globalization;

namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/cpuinfo (proc_cpuinfo(5)): the host's, without the processors that the container may not use.</summary>
public sealed class CpuInfoFile() : VirtualFile("proc/cpuinfo")
{
    private const string HostPath = "/proc/cpuinfo";

    /// <inheritdoc/>
    public override bool MayBeLong => true;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var processors = view.Processors;
        foreach (var block in (view.HostFile(HostPath) ?? "").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (NumberOf(block) is not { } number || processors.Contains(number))
                output.Add(block.TrimStart('\n')).Add(block.EndsWith('\n') ? "\n"u8 : "\n\n"u8);
        }
    }

    /// <summary>The processor that a block is about: <c>processor : 3</c>, its first line. Null for a block about the machine.</summary>
    internal static int? NumberOf(string block)
    {
        var line = block.AsSpan().TrimStart('\n');
        var end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        var colon = line.IndexOf(':');
        return colon > 0 && line[..colon].TrimEnd() is "processor"
            && int.TryParse(line[(colon + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
    }
}
