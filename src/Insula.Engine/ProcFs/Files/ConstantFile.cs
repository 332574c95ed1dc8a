namespace Insula.Engine.ProcFs.Files;

/// <summary>A file that says the same in every container.</summary>
/// <param name="path">Below the container's directory.</param>
/// <param name="text">What it says.</param>
public sealed class ConstantFile(string path, string text) : VirtualFile(path)
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output) => output.Add(text);
}
