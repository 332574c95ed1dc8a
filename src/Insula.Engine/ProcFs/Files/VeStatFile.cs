namespace Insula.Engine.ProcFs.Files;

/// <summary>
/// OpenVZ's /proc/vz/vestat, the container's own line. Times in hundredths of a second; those that OpenVZ counted in cycles (idle, uptime, used)
/// in nanoseconds. The scheduler's latencies are not known: 0.
/// </summary>
public sealed class VeStatFile() : VirtualFile("vz/vestat")
{
    private const int Width = 20;
    private const long NanosecondsPerTick = 10_000_000;

    private static readonly string[] Columns =
        ["VEID", "user", "nice", "system", "uptime", "idle", "strv", "uptime", "used", "maxlat", "totlat", "numsched"];

    /// <inheritdoc/>
    public override bool CoversKernelFile => false;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var ticks = view.Ticks;
        var uptime = view.Uptime;
        long[] values =
        [
            view.Ctid.Value, ticks.User, 0, ticks.System, uptime, ticks.Idle * NanosecondsPerTick, 0, uptime * NanosecondsPerTick,
            (ticks.User + ticks.System) * NanosecondsPerTick, 0, 0, 0,
        ];
        // As wide as the lines below it.
        output.Add("Version: 2.2".PadRight((Columns.Length * (Width + 1)) - 1)).Add("\n"u8);
        output.Add(string.Join(' ', Columns.Select(column => column.PadLeft(Width)))).Add("\n"u8);
        for (var i = 0; i < values.Length; i++)
            output.Add(values[i], Width).Add(i == values.Length - 1 ? "\n"u8 : " "u8);
    }
}
