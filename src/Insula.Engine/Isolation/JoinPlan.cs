using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>The life of a program that is run in a running container, from the host's side of the door to its own code.</summary>
public static class JoinPlan
{
    private const int PR_SET_DUMPABLE = 4;
    private const int KeyctlJoinSessionKeyring = 1;
    private const long SetControllingTerminal = 0x540E; // TIOCSCTTY

    /// <summary>Builds the plan.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="process">The step whose result is the program's pid, a child of the caller.</param>
    public static LaunchPlan Build(JoinSettings settings, out PlanResult process)
    {
        var plan = new LaunchPlan();
        // The gate: the host moves this process to the container's cgroups before it goes in.
        plan.AddGate();
        plan.AddJoinAll(settings.Init);
        process = plan.AddFork();
        plan.AddBecome(0, 0);
        plan.Add("set", "the file mode mask", Syscall.UMask, 0x12 /* 022 */);
        plan.Add(StepMode.Optional, "join", "a session keyring of its own", Syscall.Keyctl, KeyctlJoinSessionKeyring, 0);
        if (settings.Streams is var (input, output, error))
            plan.AddStandardStreams(input, output, error);
        if (settings.ControllingTerminal)
        {
            plan.Add("start", "a session", Syscall.SetSid);
            plan.Add("take", "the controlling terminal", Syscall.IoCtl, 0, SetControllingTerminal, 0);
        }
        plan.AddBoundingSet(settings.Capabilities, settings.LastCapability);
        plan.AddSystemCallFilter(settings.SystemCallFilter);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        plan.AddExecuteFirst(settings.Programs, settings.Environment);
        return plan;
    }

    /// <summary>
    /// Makes this process unreadable for a container's root (prctl(2), PR_SET_DUMPABLE 0): until the program replaces it, the joining
    /// child shares this process's memory and is inside the container already.
    /// </summary>
    public static void ProtectThisProcess()
        => Kernel.Check(Kernel.Call(Syscall.PrCtl, PR_SET_DUMPABLE, 0, 0, 0, 0), "protect", "this process's memory");
}
