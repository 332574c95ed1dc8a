using System.Runtime.InteropServices;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>Steps that decide what a child may do: ids, capabilities, system call filter, signals, descriptors.</summary>
public static class CredentialSteps
{
    /// <summary>Becomes a user and group with no further groups.</summary>
    public static void AddBecome(this LaunchPlan plan, uint uid, uint gid)
    {
        plan.Add("drop", "supplementary groups", Syscall.SetGroups, 0, 0);
        plan.Add("become group", $"{gid}", Syscall.SetResGid, gid, gid, gid);
        plan.Add("become user", $"{uid}", Syscall.SetResUid, uid, uid, uid);
    }

    /// <summary>Takes capabilities out of the bounding set (capabilities(7)) for good.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="kept">What stays possible.</param>
    /// <param name="lastCapability">The highest capability this kernel knows (<see cref="CapabilitySet.ReadLast"/>).</param>
    public static void AddBoundingSet(this LaunchPlan plan, CapabilitySet kept, int lastCapability)
    {
        foreach (var dropped in (CapabilitySet.UpTo(lastCapability) - kept).Members())
            plan.Add("drop capability", CapabilityNames.Name(dropped), Syscall.PrCtl, CapabilityControl.BoundingDrop, (int)dropped, 0, 0, 0);
    }

    /// <summary>Installs a system call filter (seccomp(2)); the child must have CAP_SYS_ADMIN in its user namespace.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="program">The compiled filter.</param>
    /// <param name="listener">True to have a listener, for a filter that asks; the step's result is its descriptor in the child.</param>
    public static unsafe PlanResult AddSystemCallFilter(this LaunchPlan plan, SeccompProgram program, bool listener = false)
    {
        var filter = MemoryMarshal.AsBytes(program.Instructions);
        var instructions = plan.Allocate((nuint)filter.Length);
        filter.CopyTo(new Span<byte>(instructions, filter.Length));
        // struct sock_fprog: u16 count, padding, pointer.
        var header = plan.Allocate(16);
        *(ushort*)header = checked((ushort)program.Instructions.Length);
        *(byte**)(header + 8) = instructions;
        var flags = listener ? SeccompProgram.WithListener : 0;
        return plan.Add("install", "the system call filter", Syscall.Seccomp, SeccompProgram.SetModeFilter, flags, PlanArgument.Address(header));
    }

    // SIGHUP SIGINT SIGQUIT SIGPIPE SIGTERM SIGCHLD SIGTSTP SIGTTIN SIGTTOU: what a shell, nohup or a runtime may have set to be ignored,
    // which survives both CLONE_CLEAR_SIGHAND and execve(2).
    private static readonly int[] PossiblyIgnored = [1, 2, 3, 13, 15, 17, 20, 21, 22];

    /// <summary>Gives the program signals as a fresh login has them: none ignored, none blocked (the launcher blocked all around the clone).</summary>
    public static void AddFreshSignals(this LaunchPlan plan)
    {
        foreach (var signal in PossiblyIgnored)
        {
            // A struct sigaction of zeroes is SIG_DFL.
            plan.Add("reset", $"signal {signal}", Syscall.RtSigaction, signal, new byte[32], 0, 8);
        }
        const int SIG_SETMASK = 2, setSize = 8;
        plan.Add("unblock", "signals", Syscall.RtSigprocmask, SIG_SETMASK, new byte[8], 0, setSize);
    }

    /// <summary>Marks every descriptor from <paramref name="first"/> up close-on-exec, whoever opened it (close_range(2), Linux 5.11).</summary>
    public static void AddCloseOnExecFrom(this LaunchPlan plan, int first)
    {
        const int CLOSE_RANGE_CLOEXEC = 4;
        plan.Add("keep", "descriptors from the program", Syscall.CloseRange, first, (long)uint.MaxValue, CLOSE_RANGE_CLOEXEC);
    }

    /// <summary>Gives the program descriptors 0, 1 and 2.</summary>
    public static void AddStandardStreams(this LaunchPlan plan, PlanArgument input, PlanArgument output, PlanArgument error)
    {
        // Taken out of the way first: a source may itself be 0, 1 or 2.
        const int F_DUPFD_CLOEXEC = 1030, above = 10;
        PlanArgument[] sources = [input, output, error];
        var copies = new PlanResult[3];
        for (var i = 0; i < 3; i++)
            copies[i] = plan.Add("duplicate", $"the descriptor for {i}", Syscall.FCntl, sources[i], F_DUPFD_CLOEXEC, above);
        for (var i = 0; i < 3; i++)
            plan.Add("set up", $"descriptor {i}", Syscall.Dup3, copies[i], i, 0);
    }

    /// <summary>Tries programs in order and runs the first that is there (execve(2)); the error of the last is the plan's.</summary>
    public static void AddExecuteFirst(this LaunchPlan plan, IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs, IReadOnlyList<string> environment)
    {
        for (var i = 0; i < programs.Count; i++)
        {
            var mode = i == programs.Count - 1 ? StepMode.Required : StepMode.Optional;
            plan.Add(
                mode, "execute", programs[i].Path, Syscall.Execve, programs[i].Path, PlanArgument.List(programs[i].Arguments),
                PlanArgument.List(environment));
        }
    }
}
