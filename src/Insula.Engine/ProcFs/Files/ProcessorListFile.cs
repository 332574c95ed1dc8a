namespace Insula.Engine.ProcFs.Files;

/// <summary>/sys/devices/system/cpu/online, present, possible: the processors that the container may use.</summary>
/// <param name="name">The file's name.</param>
public sealed class ProcessorListFile(string name) : VirtualFile($"sys/devices/system/cpu/{name}")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output) => output.Add(view.Processors.ToString()).Add("\n"u8);
}
