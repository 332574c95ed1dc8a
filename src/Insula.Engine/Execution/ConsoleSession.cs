using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Engine.Execution;

/// <summary>
/// `vzctl console`: attaches the user to a console of the container. "Esc ." at the start of a line detaches and leaves everything running;
/// "Esc !" ends what runs there, and a new login prompt follows. For a stopped container it waits.
/// </summary>
internal sealed class ConsoleSession(ContainerContext container, int number)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HolderPatience = TimeSpan.FromSeconds(10);

    private readonly ConsoleFiles _files = new(container.Engine.Layout, container.Ctid, number);

    private IReporter Reporter => container.Engine.Reporter;

    /// <summary>Attaches until the user detaches or the container ends.</summary>
    public void Run()
    {
        WaitForContainer();
        _files.Prepare();
        using var attached = _files.TryAttach() ?? TryAgain()
            ?? throw new InsulaException(ExitCode.Locked, $"Console tty{number} of CT {container.Ctid} is in use", "detach there first: Esc .");
        var (holder, masterNumber, _) = FindHolder();
        using (holder)
        {
            using var master = holder.GetDescriptor(masterNumber);
            Reporter.Info($"Attached to CT {container.Ctid} tty{number} (type ESC . to detach)");
            using var input = FileDescriptor.DuplicateOf(0);
            using var output = FileDescriptor.DuplicateOf(1);
            Files.WriteAll(output, _files.TakeBacklog(), "standard output");
            new TerminalRelay(input, output, master)
            {
                Session = holder.Descriptor,
                Escape = new EscapeFilter(EscapeFilter.EscapeKey, Decide),
            }.Run();
        }
        Reporter.Info($"Detached from CT {container.Ctid} tty{number}");
    }

    /// <summary>A login prompt on a terminal of a container.</summary>
    public static ContainerProgram StartGetty(ContainerContext container, PidFd init, FileDescriptor peer)
        // "-": the terminal is the standard input. The first is util-linux's, the others busybox's.
        => new ProgramRunner(container, init).Start(
            [
                ("/sbin/agetty", ["agetty", "--noclear", "-", "linux"]),
                ("/sbin/getty", ["getty", "0", "-", "linux"]),
                ("/bin/getty", ["getty", "0", "-", "linux"]),
                ("/bin/login", ["login"]),
                ("/bin/sh", ["-sh"]),
            ],
            ProgramRunner.Environment, (peer, peer, peer), controllingTerminal: true);

    private void WaitForContainer()
    {
        if (container.IsRunning)
            return;
        Reporter.Info($"CT {container.Ctid} is not running; waiting for it to start (Ctrl-C ends this)");
        while (!container.IsRunning)
            Thread.Sleep(Poll);
    }

    // The holder takes the same lock for the moment in which it reads.
    private Linux.FileTrees.LeaseLock? TryAgain()
    {
        for (var i = 0; i < 10; i++)
        {
            Thread.Sleep(20);
            if (_files.TryAttach() is { } attached)
                return attached;
        }
        return null;
    }

    private (PidFd Holder, int Master, int Session) FindHolder()
    {
        if (_files.TryFindHolder() is { } known)
            return known;
        ConsoleHolder.StartInBackground(container.Engine.Layout, container.Ctid, number);
        var deadline = Environment.TickCount64 + (long)HolderPatience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            if (_files.TryFindHolder() is { } found)
                return found;
            Thread.Sleep(20);
        }
        throw new InsulaException(ExitCode.SystemError, $"The console of CT {container.Ctid} could not be opened", "is there a getty or a shell in it, and a free terminal (--numpty)?");
    }

    private EscapeAnswer Decide(byte key)
    {
        if (key == (byte)'.')
            return EscapeAnswer.Detach;
        if (key != (byte)'!')
            return EscapeAnswer.PassOn;
        if (_files.TryFindHolder() is var (holder, _, session))
        {
            holder.Dispose();
            using var process = PidFd.TryOpen(session);
            process?.Kill();
        }
        return EscapeAnswer.Taken;
    }
}
