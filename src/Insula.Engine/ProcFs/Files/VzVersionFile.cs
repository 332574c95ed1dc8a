namespace Insula.Engine.ProcFs.Files;

/// <summary>OpenVZ's /proc/vz/version: the version of the kernel, a line.</summary>
public sealed class VzVersionFile() : VirtualFile("vz/version")
{
    /// <inheritdoc/>
    public override bool CoversKernelFile => false;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
        => output.Add((view.HostFile("/proc/sys/kernel/osrelease") ?? "").Trim()).Add("\n"u8);
}
