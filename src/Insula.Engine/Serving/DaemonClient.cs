using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>The daemon, as a command sees it: found, or started.</summary>
/// <param name="engine">This host.</param>
internal sealed class DaemonClient(EngineContext engine)
{
    private const string ProgramName = "insulad", UnitName = "insulad.service";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DaemonFiles _files = new(engine.Layout);

    /// <summary>
    /// Where the virtual files of a container are, with a daemon that serves them: one that runs, or one that is started now. Null if vz.conf
    /// says VIRTUAL_PROC=no, or no daemon is installed; and, with a warning, if it does not come up: containers start without it.
    /// </summary>
    public string? FilesOf(Ctid ctid)
    {
        if (!engine.Global.VirtualProc)
            return null;
        if (!Runs())
        {
            if (FindProgram() is not { } program)
                return null;
            try
            {
                if (!StartUnit())
                    StartInBackground(program);
            }
            catch (LinuxException error)
            {
                engine.Reporter.Warning($"{ProgramName} cannot be started, so the container sees the host's figures in /proc: {error.Message}");
                return null;
            }
            if (!WaitUntilItServes())
            {
                engine.Reporter.Warning($"{ProgramName} does not come up, so the container sees the host's figures in /proc; see {LogFile}");
                return null;
            }
        }
        return Path.Combine(_files.MountPoint, ctid.ToString());
    }

    // Where there is systemd it is a unit: a process of ours would end with the session of whoever starts the container.
    private bool StartUnit()
        => Directory.Exists("/run/systemd/system") && engine.Layout.ConfigDirectory == HostLayout.Default.ConfigDirectory
            && new Systemctl().Run("start", UnitName).Code == 0;

    private string LogFile => Path.Combine(Path.GetDirectoryName(engine.Layout.LogFile)!, "insulad.log");

    private bool Runs()
    {
        if (DaemonState.Find(_files) is not var (keeper, _))
            return false;
        keeper.Dispose();
        return true;
    }

    // Beside the program that runs, or where install puts it from there: PREFIX/bin/insula, PREFIX/sbin/insulad.
    private static string? FindProgram()
    {
        var own = Path.GetDirectoryName(Environment.ProcessPath);
        if (own is null)
            return null;
        foreach (var candidate in new[] { Path.Combine(own, ProgramName), Path.Combine(own, "../sbin", ProgramName) })
        {
            if (File.Exists(candidate))
                return Path.GetFullPath(candidate);
        }
        return null;
    }

    private void StartInBackground(string program)
    {
        const int mode = 0x1A0; // 0640
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
        using var log = Files.Open(LogFile, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, mode);
        using var plan = new LaunchPlan();
        plan.Add("start", "a session", Syscall.SetSid);
        plan.Add("go to", "/", Syscall.ChDir, "/");
        plan.AddStandardStreams(nothing, log, log);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        plan.AddExecuteFirst([(program, [ProgramName])], WorkerProcess.Environment(engine.Layout));
        using var child = Launcher.Start(plan, CloneFlags.None);
        child.AwaitExec();
    }

    // The state file is written when the file system is mounted; the first answers wait for the worker.
    private bool WaitUntilItServes()
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!Runs())
        {
            if (Environment.TickCount64 > deadline || engine.Cancellation.IsCancellationRequested)
                return false;
            Thread.Sleep(2);
        }
        return true;
    }
}
