namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/stat (proc_stat(5)).</summary>
public sealed class StatFile() : VirtualFile("proc/stat")
{
    /// <inheritdoc/>
    public override bool MayBeLong => true;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var ticks = view.Ticks;
        output.Add("cpu "u8);
        AddTimes(output, ticks.User, ticks.System, ticks.Idle);
        foreach (var (number, user, system, idle) in ticks.Each)
        {
            output.Add("cpu"u8).Add(number);
            AddTimes(output, user, system, idle);
        }
        // Interrupts and context switches are the host's and nobody's in particular.
        output.Add("intr 0\nctxt 0\nbtime "u8).Add(view.StartedAt);
        output.Add("\nprocesses "u8).Add(view.Tasks).Add("\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n"u8);
    }

    // user nice system idle iowait irq softirq steal guest guest_nice
    private static void AddTimes(TextBuffer output, long user, long system, long idle)
        => output.Add(" "u8).Add(user).Add(" 0 "u8).Add(system).Add(" "u8).Add(idle).Add(" 0 0 0 0 0 0\n"u8);
}
