using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>Steps that bound what a child, and everything it starts, may use.</summary>
public static class LimitSteps
{
    /// <summary>Sets a limit of the child (prlimit(2)). Its hard limit cannot be raised here; lowered it stays for good.</summary>
    public static void AddLimit(this LaunchPlan plan, ProcessLimit limit, LimitPair pair)
        => plan.Add("limit", $"{limit} to {Text(pair.Soft)}:{Text(pair.Hard)}", Syscall.Prlimit64, 0, (int)limit, pair.ToBytes(), 0);

    private static string Text(ulong value) => value == LimitPair.Infinity ? "unlimited" : $"{value}";
}
