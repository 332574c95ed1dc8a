using Insula.Engine.Host;

namespace Insula.Engine.Containers;

/// <summary>
/// The lock under which what belongs to the whole host is given out: CTIDs, names, id ranges. Held for moments only, so others
/// wait for it. Whoever needs a container's lock too takes that one first.
/// </summary>
public sealed class AllocationLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FileLock _lock;

    private AllocationLock(FileLock taken) => _lock = taken;

    /// <summary>Takes the lock, waiting up to a minute.</summary>
    /// <param name="layout">Where the lock directory is; it is made if missing.</param>
    /// <param name="activity">What is done under it.</param>
    /// <exception cref="InsulaException">Somebody keeps holding it (9), no permission (12), the directory cannot be used (3).</exception>
    public static AllocationLock Take(HostLayout layout, string activity)
    {
        var path = Path.Combine(layout.LockDirectory, "insula.lck");
        var start = Environment.TickCount64;
        // Polled rather than waited for in the kernel: a stopped holder must not hang every other command for good.
        for (var pause = 1; ; pause = Math.Min(pause * 2, 8))
        {
            if (LockDirectory.Use(layout, () => FileLock.TryTake(path, activity)) is { } taken)
                return new AllocationLock(taken);
            if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
                throw new InsulaException(ExitCode.Locked, $"The allocation lock {path} stays taken by {FileLock.DescribeHolder(path)}");
            Thread.Sleep(Random.Shared.Next(1, pause + 1));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
