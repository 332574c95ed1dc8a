namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/pressure/cpu, memory, io (Documentation/accounting/psi.rst): those of the container's cgroup.</summary>
/// <param name="resource">cpu, memory or io.</param>
public sealed class PressureFile(string resource) : VirtualFile($"proc/pressure/{resource}")
{
    private const string Nothing = "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0";

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output) => output.Add(view.UnifiedFile($"{resource}.pressure") ?? Nothing).Add("\n"u8);
}
