using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>
/// The listener of a system call filter on its way from the child that installs the filter to the host. The child waits until the host has a copy, and loses
/// its own when it executes: nothing in a container can answer for itself.
/// </summary>
public sealed class FilterListener
{
    private readonly PlanResult _descriptor;
    private readonly LaunchSignal _made;
    private readonly LaunchGate _taken;

    private FilterListener(LaunchPlan plan, SeccompProgram filter)
    {
        _descriptor = plan.AddSystemCallFilter(filter, listener: true);
        _made = plan.AddSignal();
        _taken = plan.AddGate();
    }

    /// <summary>Adds the filter, and what brings its listener to the host if it is to have one.</summary>
    /// <returns>The listener; null without one.</returns>
    public static FilterListener? Add(LaunchPlan plan, SeccompProgram filter, bool hasListener)
    {
        if (hasListener)
            return new FilterListener(plan, filter);
        plan.AddSystemCallFilter(filter);
        return null;
    }

    /// <summary>Waits for the child to make it and takes a copy.</summary>
    /// <param name="child">What was launched.</param>
    /// <param name="installer">The process that walks the plan when it comes there.</param>
    public FileDescriptor Take(LaunchedProcess child, Func<PidFd> installer)
    {
        child.Await(_made);
        return installer().GetDescriptor((int)_descriptor.Value);
    }

    /// <summary>Lets the child go on.</summary>
    public void LetGo() => _taken.Open();
}
