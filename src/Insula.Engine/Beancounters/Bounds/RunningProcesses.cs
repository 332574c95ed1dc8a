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
    /// Sets a resource limit of each. One that is forked meanwhile has its parent's, old or new, so the list is read again until it holds
    /// nobody new.
    /// </summary>
    /// <exception cref="LinuxException">EPERM: raising a hard limit needs CAP_SYS_RESOURCE.</exception>
    public static void SetLimit(ControlGroup group, PidFd init, ProcessLimit limit, LimitPair pair)
    {
        var done = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            List<int> fresh = [.. group.ProcessesByOneHierarchy().Where(done.Add)];
            if (fresh.Count == 0)
                return;
            List<int> refused = [.. fresh.Where(pid => IsRefused(ProcessLimits.TrySet(pid, limit, pair), limit))];
            if (refused.Count > 0)
                SetFromInside(refused, init, limit, pair);
        }
    }

    private static bool IsRefused(Errno errno, ProcessLimit limit) => errno switch
    {
        Errno.None or Errno.ESRCH => false,
        Errno.EPERM => true,
        _ => throw new LinuxException("set", $"the limit {limit} of a process", errno),
    };

    // Lowering takes CAP_SYS_RESOURCE in the container's user namespace only, which whoever enters it has. A host's root may lack it.
    private static void SetFromInside(List<int> pids, PidFd init, ProcessLimit limit, LimitPair pair)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser);
        var results = new List<PlanResult>();
        foreach (var pid in pids)
            results.Add(plan.Add(StepMode.Optional, "limit", $"process {pid}", Syscall.Prlimit64, pid, (int)limit, pair.ToBytes(), 0));
        LaunchedTask.Run(plan);
        foreach (var result in results)
        {
            if (Kernel.ErrnoOf(result.Value) is not (Errno.None or Errno.ESRCH) and var errno)
                throw new LinuxException("set", $"the limit {limit} of a process", errno, "raising a limit needs CAP_SYS_RESOURCE; the container gets it with its next start");
        }
    }
}
