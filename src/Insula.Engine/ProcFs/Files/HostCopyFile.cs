namespace Insula.Engine.ProcFs.Files;

/// <summary>A file of /sys that tells of the hardware and is the same for everybody.</summary>
/// <param name="path">Its path without the slash at the beginning.</param>
public sealed class HostCopyFile(string path) : VirtualFile(path)
{
    /// <inheritdoc/>
    public override bool IsPresent { get; } = File.Exists("/" + path);

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output) => output.Add(view.HostFile("/" + Path) ?? "");
}
