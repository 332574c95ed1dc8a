using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Engine.Execution;

/// <summary>
/// A small process that keeps one opened console: its terminal, with a login prompt on it, lives on while nobody is attached. It exists only
/// for a console that `vzctl console` has opened, and ends with the container.
/// </summary>
internal sealed class ConsoleHolder(ContainerContext container, int number)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(30);
    private const int QuickDeathsBeforeLongPause = 5;

    private readonly ConsoleFiles _files = new(container.Engine.Layout, container.Ctid, number);

    /// <summary>Starts a holder in the background.</summary>
    public static void StartInBackground(HostLayout layout, Ctid ctid, int number)
    {
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
        using var plan = new LaunchPlan();
        plan.Add("start", "a session", Syscall.SetSid);
        plan.Add("go to", "/", Syscall.ChDir, "/");
        plan.AddStandardStreams(nothing, nothing, nothing);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        plan.AddExecuteFirst(
            [("/proc/self/exe", ["insula", "console-holder", $"{ctid}", $"{number}"])],
            [ProgramRunner.PathVariable, $"{HostLayout.ConfigDirectoryVariable}={layout.ConfigDirectory}"]);
        using var child = Launcher.Start(plan, CloneFlags.None);
        child.AwaitExec();
    }

    /// <summary>Holds the console until the container ends.</summary>
    public void Run()
    {
        _files.Prepare();
        using var held = _files.TryHold();
        if (held == null)
            return;
        using var init = container.OpenInit();
        using var terminal = LoginSession.OpenTerminal(init);
        // Keeps the terminal from being hung up between one login and the next.
        using var peer = LoginSession.OpenPeer(container, terminal);
        SetNonBlocking(terminal.Master);
        if (number == 1)
            ShowAsConsole(init, terminal.Number);
        try
        {
            Serve(init, terminal, peer);
        }
        finally
        {
            _files.Clear();
        }
    }

    private void Serve(PidFd init, PseudoTerminal terminal, FileDescriptor peer)
    {
        var quickDeaths = 0;
        while (!init.HasEnded)
        {
            var started = Environment.TickCount64;
            using (var login = ConsoleSession.StartGetty(container, init, peer))
            {
                _files.Note(terminal.Master, login.Process.Pid);
                while (!login.Process.WaitEnd(Tick) && !init.HasEnded)
                    Drain(terminal.Master);
                login.Process.Kill();
                login.Wait();
            }
            quickDeaths = Environment.TickCount64 - started < ShortPause.TotalMilliseconds ? quickDeaths + 1 : 0;
            if (quickDeaths > 0)
                init.WaitEnd(quickDeaths > QuickDeathsBeforeLongPause ? LongPause : ShortPause);
        }
    }

    // Whoever is attached reads for himself. Otherwise the session must not be left waiting for a reader.
    private void Drain(FileDescriptor master)
    {
        using var attached = _files.TryAttach();
        if (attached == null)
            return;
        Span<byte> buffer = stackalloc byte[4096];
        while (Files.TryRead(master, buffer) is > 0 and var got)
            _files.SaveBacklog(buffer[..(int)got]);
    }

    private static void SetNonBlocking(FileDescriptor master)
    {
        const int F_SETFL = 4;
        Kernel.Check(Kernel.Call(Syscall.FCntl, master.Number, F_SETFL, (int)(OpenFlags.ReadWrite | OpenFlags.NonBlocking)), "set up", "the console's terminal");
    }

    // /dev/console of the container leads to the terminal from now on; it goes with the container's mounts.
    private static void ShowAsConsole(PidFd init, int terminal)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
        plan.AddBecome(0, 0);
        var path = $"/dev/pts/{terminal}";
        var tree = plan.Add(
            "take a copy of the mount at", path, Syscall.OpenTree, Files.CurrentDirectory, path, MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        plan.Add("attach the mount for", "/dev/console", Syscall.MoveMount, tree, "", Files.CurrentDirectory, "/dev/console", MountConstants.MoveFromDescriptor);
        LaunchedTask.Run(plan);
    }
}
