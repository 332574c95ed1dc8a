using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Engine.Execution;

/// <summary>`vzctl console`: a login prompt of the container on a terminal of its own devpts. "Esc ." at the start of a line detaches.</summary>
internal sealed class ConsoleSession(ContainerContext container, PidFd init, int number)
{
    /// <summary>Attaches until the user detaches or logs out.</summary>
    public void Run()
    {
        using var terminal = LoginSession.OpenTerminal(init);
        using var program = StartGetty(terminal);
        container.Engine.Reporter.Info($"Attached to CT {container.Ctid} tty{number} (type ESC . to detach)");
        using var input = FileDescriptor.DuplicateOf(0);
        using var output = FileDescriptor.DuplicateOf(1);
        var relay = new TerminalRelay(input, output, terminal.Master)
        {
            Session = program.Process.Descriptor,
            Escape = new EscapeFilter(EscapeFilter.EscapeKey, key => key == (byte)'.' ? EscapeAnswer.Detach : EscapeAnswer.PassOn),
        };
        if (relay.Run() != RelayEnd.SessionEnded)
            program.Process.Kill();
        program.Wait();
        container.Engine.Reporter.Info($"Detached from CT {container.Ctid} tty{number}");
    }

    private ContainerProgram StartGetty(PseudoTerminal terminal)
    {
        using var peer = terminal.OpenPeer();
        // "-": the terminal is the standard input. The first is util-linux's, the others busybox's.
        return new ProgramRunner(container, init).Start(
            [
                ("/sbin/agetty", ["agetty", "--noclear", "-", "linux"]),
                ("/sbin/getty", ["getty", "0", "-", "linux"]),
                ("/bin/getty", ["getty", "0", "-", "linux"]),
                ("/bin/login", ["login"]),
            ],
            ProgramRunner.Environment, (peer, peer, peer), controllingTerminal: true);
    }
}
