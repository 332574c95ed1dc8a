namespace Insula.Engine.ProcFs.Files;

/// <summary>/sys/devices/system/node/node0/cpulist and cpumap: the container is one node with all its processors.</summary>
/// <param name="name">cpulist or cpumap.</param>
public sealed class NodeProcessorsFile(string name) : VirtualFile($"sys/devices/system/node/node0/{name}")
{
    private readonly bool _isMask = name == "cpumap";

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
        => output.Add(_isMask ? ProcessorMask.Of(view.Processors) : view.Processors.ToString()).Add("\n"u8);
}
