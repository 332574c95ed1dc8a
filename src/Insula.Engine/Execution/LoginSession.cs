using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Engine.Execution;

/// <summary>
/// `vzctl enter`: a login shell of the container's root on a terminal of the container's own devpts. The administrator's terminal is never
/// handed in; what is typed and shown is copied.
/// </summary>
internal sealed class LoginSession(ContainerContext container, PidFd init)
{
    private const string TerminalDirectory = "dev/pts";

    /// <summary>Runs the session to its end.</summary>
    /// <param name="typed">Text typed into the shell first, or null.</param>
    /// <returns>The shell's code.</returns>
    public int Run(string? typed)
    {
        using var terminal = OpenTerminal(init);
        using var program = Start(terminal);
        container.Engine.Reporter.Info($"entered into CT {container.Ctid}");
        if (typed != null)
            Files.WriteAll(terminal.Master, System.Text.Encoding.UTF8.GetBytes(typed + "\n"), "the container's terminal");
        using var input = FileDescriptor.DuplicateOf(0);
        using var output = FileDescriptor.DuplicateOf(1);
        var relay = new TerminalRelay(input, output, terminal.Master) { Session = program.Process.Descriptor };
        var end = relay.Run();
        container.Engine.Reporter.Info($"exited from CT {container.Ctid}");
        if (end == RelayEnd.Signalled)
            return 128 + relay.Signal;
        return program.Wait();
    }

    /// <summary>A new terminal of a container.</summary>
    public static PseudoTerminal OpenTerminal(PidFd init)
    {
        // The container's root may have put anything there: PseudoTerminal makes sure that it is a devpts.
        using var root = RootDirectory.OpenRootOf(init.Pid);
        using var devpts = root.OpenFile(TerminalDirectory, OpenFlags.Path | OpenFlags.Directory);
        return PseudoTerminal.OpenIn(devpts);
    }

    /// <summary>The side of a container's terminal that programs use, owned by the container's root; we opened it, so it was the host's.</summary>
    public static FileDescriptor OpenPeer(ContainerContext container, PseudoTerminal terminal)
    {
        const uint ttyGroup = 5; // gid= of the devpts mount
        var peer = terminal.OpenPeer();
        var result = Kernel.Call(Syscall.Fchown, peer.Number, (nint)container.Ids.UidBase, (nint)(container.Ids.GidBase + ttyGroup));
        Kernel.Check(result, "change the owner of", $"/dev/pts/{terminal.Number} of CT {container.Ctid}");
        return peer;
    }

    /// <summary>Starts a login shell on a terminal of the container.</summary>
    private ContainerProgram Start(PseudoTerminal terminal)
    {
        using var peer = OpenPeer(container, terminal);
        return new ProgramRunner(container, init).Start(
            [("/bin/bash", ["-bash"]), ("/bin/sh", ["-sh"])],
            [ProgramRunner.PathVariable, "HISTFILE=/dev/null", "USER=root", "HOME=/root", "LOGNAME=root", $"TERM={TerminalType()}"],
            (peer, peer, peer), controllingTerminal: true);
    }

    // The caller's own; a name only, since the container's programs look it up in their files.
    private static string TerminalType()
    {
        var type = System.Environment.GetEnvironmentVariable("TERM") ?? "";
        return type.Length is > 0 and < 64 && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.' or '_') ? type : "linux";
    }
}
