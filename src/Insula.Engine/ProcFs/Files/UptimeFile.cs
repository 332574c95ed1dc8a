namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/uptime (proc_uptime(5)): seconds since the container started, and the sum of what its processors were idle.</summary>
public sealed class UptimeFile() : VirtualFile("proc/uptime")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
        => output.AddHundredths(view.Uptime).Add(" "u8).AddHundredths(view.Ticks.Idle).Add("\n"u8);
}
