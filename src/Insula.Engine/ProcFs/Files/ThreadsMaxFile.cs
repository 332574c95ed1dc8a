using System.Globalization;

namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/sys/kernel/threads-max: how many processes and threads the container may have (numproc), at most as many as the host.</summary>
public sealed class ThreadsMaxFile() : VirtualFile("proc/sys/kernel/threads-max")
{
    private const string HostPath = "/proc/sys/kernel/threads-max";

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var host = long.TryParse((view.HostFile(HostPath) ?? "").AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
        var limit = view.TaskLimit;
        output.Add(limit.IsUnlimited ? host : Math.Min(limit.Value, host)).Add("\n"u8);
    }
}
