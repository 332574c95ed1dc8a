using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>Changes something of every process of a container that runs.</summary>
internal static class RunningProcesses
{
    private const int MostRounds = 16;

    /// <summary>
    /// Puts a bound into force for each. One that is forked meanwhile has its parent's, old or new, so the list is read again until it holds
    /// nobody new. A process that has less than the bound in force has lowered its limit itself (systemd does, for its services) and keeps it.
    /// </summary>
    /// <exception cref="LinuxException">EPERM: raising a hard limit needs CAP_SYS_RESOURCE.</exception>
    public static void SetLimit(ControlGroup group, PidFd init, ProcessLimit limit, LimitPair pair)
    {
        if (ProcessLimits.TryRead(init.Pid, limit) is not { } inForce)
            return;
        var done = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            List<int> fresh = [.. group.ProcessesByOneHierarchy().Where(done.Add)];
            if (fresh.Count == 0)
                return;
            var refused = new List<(int Pid, LimitPair Pair)>();
            foreach (var pid in fresh)
            {
                if (ProcessLimits.TryRead(pid, limit) is { } current && Changed(current, inForce, pair) is { } wanted
                    && IsRefused(ProcessLimits.TrySet(pid, limit, wanted), limit))
                    refused.Add((pid, wanted));
            }
            if (refused.Count > 0)
                SetFromInside(refused, init, limit);
        }
    }

    /// <summary>What a process is to have when the bound changes; null if it stays as it is.</summary>
    /// <param name="current">What it has.</param>
    /// <param name="inForce">The bound so far, which init has.</param>
    /// <param name="wanted">The bound from now on.</param>
    internal static LimitPair? Changed(LimitPair current, LimitPair inForce, LimitPair wanted)
    {
        if (current.Hard == wanted.Hard || (current.Hard < wanted.Hard && current.Hard != inForce.Hard))
            return null;
        // A soft limit that is as high as it can be goes along with the ceiling; one that a program has chosen stays below it.
        var soft = current.Soft == current.Hard ? wanted.Soft : Math.Min(current.Soft, wanted.Hard);
        return new LimitPair(soft, wanted.Hard);
    }

    private static bool IsRefused(Errno errno, ProcessLimit limit) => errno switch
    {
        Errno.None or Errno.ESRCH => false,
        Errno.EPERM => true,
        _ => throw new LinuxException("set", $"the limit {limit} of a process", errno),
    };

    // Lowering takes CAP_SYS_RESOURCE in the container's user namespace only, which whoever enters it has. A host's root may lack it.
    private static void SetFromInside(List<(int Pid, LimitPair Pair)> processes, PidFd init, ProcessLimit limit)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser);
        var results = new List<PlanResult>();
        foreach (var (pid, pair) in processes)
            results.Add(plan.Add(StepMode.Optional, "limit", $"process {pid}", Syscall.Prlimit64, pid, (int)limit, pair.ToBytes(), 0));
        LaunchedTask.Run(plan);
        foreach (var result in results)
        {
            if (Kernel.ErrnoOf(result.Value) is not (Errno.None or Errno.ESRCH) and var errno)
                throw new LinuxException("set", $"the limit {limit} of a process", errno, "raising a limit needs CAP_SYS_RESOURCE; the container gets it with its next start");
        }
    }
}
