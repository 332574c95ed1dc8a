using Insula.Linux.Processes;

namespace Insula.Engine.Beancounters;

/// <summary>What a set of processes holds together, by a look at each.</summary>
/// <param name="DataPages">Private address space.</param>
/// <param name="LockedKiB">Locked memory, in KiB.</param>
/// <param name="QueuedSignals">Queued signals.</param>
/// <param name="Descriptors">Open descriptors: a file that two processes have inherited counts twice.</param>
/// <param name="FileLocks">File locks.</param>
/// <param name="Threads">Tasks.</param>
internal readonly record struct ProcessTotals(long DataPages, long LockedKiB, long QueuedSignals, long Descriptors, long FileLocks, long Threads)
{
    /// <summary>Adds up.</summary>
    /// <param name="pids">The processes; those that have ended meanwhile hold nothing.</param>
    /// <param name="locks">Of <see cref="Insula.Linux.Processes.FileLocks"/>.</param>
    public static ProcessTotals Of(IEnumerable<int> pids, Dictionary<int, int> locks)
    {
        var totals = new ProcessTotals();
        // The kernel counts signals by user, and each process shows its user's number.
        var signals = new Dictionary<uint, long>();
        foreach (var pid in pids)
        {
            if (ProcessResources.TryRead(pid) is not { } process)
                continue;
            signals[process.Uid] = Math.Max(signals.GetValueOrDefault(process.Uid), process.QueuedSignals);
            totals = totals with
            {
                DataPages = totals.DataPages + process.DataPages,
                LockedKiB = totals.LockedKiB + process.LockedKiB,
                Descriptors = totals.Descriptors + process.Descriptors,
                FileLocks = totals.FileLocks + locks.GetValueOrDefault(pid),
                Threads = totals.Threads + process.Threads,
            };
        }
        return totals with { QueuedSignals = signals.Values.Sum() };
    }
}
