using Insula.Engine.Serving;

namespace Insula.Daemon;

/// <summary>insulad's command line.</summary>
/// <param name="Help">Asked for help.</param>
/// <param name="Replace">Take over from the daemon that runs.</param>
/// <param name="Role">Set when another insulad process has started this one.</param>
internal sealed record DaemonOptions(bool Help, bool Replace, DaemonRole? Role)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        Usage: insulad [--replace]

        Serves the files of /proc and /sys that are made for each container, until SIGTERM. It runs in the foreground.

          --replace   take over from an insulad that runs, without a reader noticing: after an upgrade
          --help      this text

        """;

    /// <summary>Understands the arguments; null if they are none.</summary>
    public static DaemonOptions? Parse(string[] arguments) => arguments switch
    {
        [] => new DaemonOptions(false, false, null),
        ["--replace"] => new DaemonOptions(false, true, null),
        ["--help"] or ["-h"] => new DaemonOptions(true, false, null),
        _ => DaemonRole.Parse(arguments) is { } role ? new DaemonOptions(false, false, role) : null,
    };
}
