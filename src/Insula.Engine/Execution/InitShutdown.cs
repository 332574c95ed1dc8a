using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Execution;

/// <summary>Asks a container's init to stop all services and end. Each kind of init has its own way to be asked.</summary>
internal static class InitShutdown
{
    // systemd(1): SIGRTMIN+4 starts poweroff.target; SIGRTMIN is 34 for user space.
    private const int SystemdPowerOff = 34 + 4;

    // busybox init: SIGUSR2 powers off.
    private const int BusyboxPowerOff = 12;

    /// <summary>Asks. False if there is no way to.</summary>
    public static bool Request(ContainerContext container, PidFd init)
    {
        if (ProcessStatus.TryReadName(init.Pid) == "systemd")
            return init.Signal(SystemdPowerOff);
        if (ProgramName(init.Pid) == "busybox")
            return init.Signal(BusyboxPowerOff);
        return RunHalt(container, init);
    }

    // The link's text comes from the kernel; it is the path in the container of the file that init executes.
    private static string? ProgramName(int pid)
        => File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false) is { } target ? Path.GetFileName(target.FullName) : null;

    // sysvinit and others: init's own client, as the container's root would call it.
    private static bool RunHalt(ContainerContext container, PidFd init)
    {
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
        try
        {
            using var program = new ProgramRunner(container, init).Start(
                [("/sbin/init", ["init", "0"]), ("/sbin/halt", ["halt"]), ("/bin/halt", ["halt"])],
                ProgramRunner.Environment, (nothing, nothing, nothing), controllingTerminal: false);
            return program.Wait() == 0;
        }
        catch (LinuxException error) when (ContainerProgram.CodeOf(error) != null)
        {
            return false;
        }
    }
}
