namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/swaps (proc_swaps(5)): one area with the container's swap; none if it has none.</summary>
public sealed class SwapsFile() : VirtualFile("proc/swaps")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var memory = view.Memory;
        output.Add("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"u8);
        if (memory.SwapTotal > 0)
        {
            output.Add("/dev/null                               partition\t"u8).Add(memory.SwapTotal / 1024).Add("\t\t"u8);
            output.Add(Math.Min(memory.SwapUsed, memory.SwapTotal) / 1024).Add("\t\t-2\n"u8);
        }
    }
}
