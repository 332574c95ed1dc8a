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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly DaemonFiles _files = new(engine.Layout);

    /// <summary>
    /// Where the virtual files of a container are, with a daemon that serves them: one that runs, or one that is started now. Null if vz.conf
    /// says VIRTUAL_PROC=no; and, with a warning, if no daemon is installed or it does not come up: containers start without it.
    /// </summary>
    public string? FilesOf(Ctid ctid)
    {
        if (!engine.Global.VirtualProc)
            return null;
        if (!Runs() && WhyNotStarted() is { } reason)
        {
            engine.Reporter.Warning($"{reason}, so CT {ctid} sees the host's figures in /proc until it is started again");
            return null;
        }
        return Path.Combine(_files.MountPoint, ctid.ToString());
    }

    /// <summary>
    /// To be held from before <see cref="FilesOf"/> until the container counts as running: a daemon does not end meanwhile. Null where containers have
    /// no virtual files.
    /// </summary>
    public FileDescriptor? HoldForStart() => engine.Global.VirtualProc ? StartGuard.Share(_files) : null;

    /// <summary>
    /// Starts the daemon if one was killed with all its processes, and waits until running containers have their files back. One that has
    /// ended as it should has left no state behind.
    /// </summary>
    public void Revive()
    {
        if (!engine.Global.VirtualProc || !File.Exists(_files.StateFile) || Runs() || StartGuard.IsLocked(_files.LockFile))
            return;
        if (WhyNotStarted() is { } reason)
        {
            engine.Reporter.Warning($"{reason}: running containers cannot read their files in /proc");
            return;
        }
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (File.Exists(_files.LostFile) && Environment.TickCount64 < deadline && !engine.Cancellation.IsCancellationRequested)
            Thread.Sleep(2);
    }

    // Null: it serves.
    private string? WhyNotStarted()
    {
        if (FindProgram() is not { } program)
            return $"{ProgramName} is not installed";
        try
        {
            if (!StartUnit())
                StartInBackground(program);
        }
        catch (LinuxException error)
        {
            return $"{ProgramName} cannot be started ({error.Message})";
        }
        return WaitUntilItServes() ? null : $"{ProgramName} does not come up (see {LogFile})";
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
