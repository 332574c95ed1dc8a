namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/loadavg (proc_loadavg(5)): <c>0.20 0.18 0.12 1/80 11206</c>.</summary>
public sealed class LoadAverageFile() : VirtualFile("proc/loadavg")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var (one, five, fifteen) = view.Load;
        output.AddHundredths(one).Add(" "u8).AddHundredths(five).Add(" "u8).AddHundredths(fifteen);
        // Who reads it runs. The kernel's last pid is of its own namespace in the container; nobody is known to rely on it.
        output.Add(" 1/"u8).Add(Math.Max(1, view.Tasks)).Add(" 0\n"u8);
    }
}
