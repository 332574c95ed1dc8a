using Insula.Engine.Serving;
using Insula.Engine.Watching;

namespace Insula.Daemon;

/// <summary>insulad's command line.</summary>
/// <param name="Help">Asked for help.</param>
/// <param name="Replace">Take over from the daemon that runs.</param>
/// <param name="Role">Set when another insulad process has started this one.</param>
/// <param name="Task">Set when the daemon wants something done by a process of its own.</param>
internal sealed record DaemonOptions(bool Help, bool Replace, DaemonRole? Role, WatchTask? Task = null)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        Usage: insulad [--replace]

        Serves the files of /proc and /sys that are made for each container, answers sysinfo(2) and quotactl(2) in them, watches containers end and starts those
        that reboot, and tells of events at RUNDIR/insulad.sock, until SIGTERM. It runs in the foreground. While containers run, a second
        process of it goes on after SIGTERM, until the last one has stopped.

          --replace   take over from an insulad that runs, without a reader noticing: after an upgrade
          -h, --help  this text

        Environment: INSULA_CONFIG_DIR, the directory that holds vz.conf, if not /etc/vz.
        Exit code: 0; 3 system error; 9 one runs already; 10 vz.conf is missing or cannot be read; 20 bad command line. See insulad(8).

        """;

    /// <summary>Understands the arguments; null if they are none.</summary>
    public static DaemonOptions? Parse(string[] arguments) => arguments switch
    {
        [] => new DaemonOptions(false, false, null),
        ["--replace"] => new DaemonOptions(false, true, null),
        ["--help"] or ["-h"] => new DaemonOptions(true, false, null),
        _ when DaemonRole.Parse(arguments) is { } role => new DaemonOptions(false, false, role),
        _ when WatchTask.Parse(arguments) is { } task => new DaemonOptions(false, false, null, task),
        _ => null,
    };
}
