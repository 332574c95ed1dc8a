using Insula.Engine.Beancounters;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ProcFs.Files;

/// <summary>The container's own block of OpenVZ's files about beancounters, which root alone may read.</summary>
/// <param name="path">Below the container's directory.</param>
/// <param name="write">Makes the text.</param>
public sealed class BeancounterTextFile(string path, Func<Beancounter, string> write) : VirtualFile(path)
{
    /// <inheritdoc/>
    public override uint Mode => ReadableByRoot;

    /// <inheritdoc/>
    public override bool CoversKernelFile => false;

    /// <inheritdoc/>
    public override bool MayBeLong => true;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
        => output.Add(write(view.Beancounters ?? throw new LinuxException("read", $"the beancounters of CT {view.Ctid}", Errno.ENOENT)));
}
