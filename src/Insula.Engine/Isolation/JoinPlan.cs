using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>The life of a program that is run in a running container, from the host's side of the door to its own code.</summary>
public sealed class JoinPlan : IDisposable
{
    private const int PR_SET_DUMPABLE = 4;
    private const int KeyctlJoinSessionKeyring = 1;
    private const long SetControllingTerminal = 0x540E; // TIOCSCTTY

    private JoinPlan(JoinSettings settings)
    {
        Plan = new LaunchPlan();
        Gate = Plan.AddGate();
        (Process, Listener) = AddSteps(Plan, settings);
    }

    /// <summary>The steps.</summary>
    public LaunchPlan Plan { get; }

    /// <summary>Where the host moves the process to the container's cgroups, before it goes in.</summary>
    public LaunchGate Gate { get; }

    /// <summary>The pid of the program, a child of this process.</summary>
    public PlanResult Process { get; }

    /// <summary>With <see cref="JoinSettings.HasListener"/>: to be taken after <see cref="Gate"/>, from <see cref="Process"/>.</summary>
    public FilterListener? Listener { get; }

    /// <summary>Builds the plan.</summary>
    public static JoinPlan Build(JoinSettings settings) => new(settings);

    /// <inheritdoc/>
    public void Dispose() => Plan.Dispose();

    private static (PlanResult Process, FilterListener? Listener) AddSteps(LaunchPlan plan, JoinSettings settings)
    {
        plan.AddJoinAll(settings.Init, settings.TimeNamespace ? NamespaceEntry.All | CloneFlags.NewTime : NamespaceEntry.All);
        var process = plan.AddFork();
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
        foreach (var (limit, pair) in settings.Limits)
            plan.AddLimit(limit, pair);
        plan.AddBoundingSet(settings.Capabilities, settings.LastCapability);
        var listener = FilterListener.Add(plan, settings.SystemCallFilter, settings.HasListener);
        plan.AddFreshSignals();
        plan.AddCloseOnExecFrom(3);
        plan.AddExecuteFirst(settings.Programs, settings.Environment);
        return (process, listener);
    }

    /// <summary>
    /// Makes this process unreadable for a container's root (prctl(2), PR_SET_DUMPABLE 0): until the program replaces it, the joining
    /// child shares this process's memory and is inside the container already.
    /// </summary>
    public static void ProtectThisProcess()
        => Kernel.Check(Kernel.Call(Syscall.PrCtl, PR_SET_DUMPABLE, 0, 0, 0, 0), "protect", "this process's memory");
}
