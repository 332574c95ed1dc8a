using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl start --wait`: until the container's init has brought up what it starts by default.</summary>
internal sealed class StartWait(ContainerContext container)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits.</summary>
    /// <exception cref="InsulaException">133: the container ended, or an hour went by.</exception>
    public void UntilDefaultState()
    {
        using var init = container.OpenInit();
        var deadline = DateTime.UtcNow + Longest;
        while (true)
        {
            var isUp = TryAsk(init);
            // An init that has ended has no name by which to tell what it would have to say.
            if (init.HasEnded)
                throw new InsulaException(ExitCode.WaitFailed, $"CT {container.Ctid} ended while it was starting");
            if (isUp)
                return;
            if (DateTime.UtcNow > deadline)
                throw new InsulaException(ExitCode.WaitFailed, $"CT {container.Ctid} did not finish starting within an hour");
            Thread.Sleep(Pause);
        }
    }

    // A container that is ending takes no program any more, some time before its init has ended.
    private bool TryAsk(PidFd init)
    {
        try
        {
            return IsUp(init);
        }
        catch (LinuxException) when (init.WaitEnd(EndPatience))
        {
            return false;
        }
    }

    private bool IsUp(PidFd init) => ProcessStatus.TryReadName(init.Pid) switch
    {
        // 0: running; 1: degraded, starting or stopping: only "starting" is not there yet.
        "systemd" => Run(init, "case $(systemctl is-system-running) in running|degraded|maintenance) exit 0;; *) exit 1;; esac") == 0,
        // sysvinit names the run level when it enters it, and is done when its rc script has ended; others (busybox) know no such state
        // and count as started.
        "init" => Run(
            init,
            "command -v runlevel >/dev/null || exit 0; case $(runlevel) in *[2-5]) ;; *) exit 1;; esac; "
            + "for comm in /proc/[0-9]*/comm; do read -r name <$comm || continue; case $name in rc|startpar) exit 1;; esac; done 2>/dev/null; exit 0") == 0,
        _ => true,
    };

    private int Run(PidFd init, string script)
    {
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
        using var program = new ProgramRunner(container, init).Start(
            ProgramRunner.Shell("-c", script), ProgramRunner.Environment, (nothing, nothing, nothing), controllingTerminal: false);
        return program.Wait();
    }
}
