using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// The lock of one container, LOCKDIR/CTID.lck: whoever changes the container holds it. Freed when it is disposed or its
/// process dies, however it dies.
/// </summary>
public sealed class ContainerLock : IDisposable
{
    private readonly FileLock _lock;

    private ContainerLock(Ctid ctid, FileLock taken)
    {
        Ctid = ctid;
        _lock = taken;
    }

    /// <summary>The container.</summary>
    public Ctid Ctid { get; }

    /// <summary>Takes the lock, or fails at once.</summary>
    /// <param name="layout">Where the lock directory is; it is made if missing.</param>
    /// <param name="ctid">The container.</param>
    /// <param name="activity">What is done under it, for whoever has to wait: "starting".</param>
    /// <exception cref="InsulaException">Somebody holds it (9), no permission (12), the directory cannot be used (3).</exception>
    public static ContainerLock Take(HostLayout layout, Ctid ctid, string activity)
    {
        var path = PathOf(layout, ctid);
        if (LockDirectory.Use(layout, () => FileLock.TryTake(path, activity)) is { } taken)
            return new ContainerLock(ctid, taken);
        var holder = FileLock.DescribeHolder(path);
        throw new InsulaException(
            ExitCode.Locked,
            $"Container already locked{(holder.Length > 0 ? $": CT {ctid} by {holder}" : "")}",
            "Wait until the other command is done");
    }

    /// <summary>LOCKDIR/CTID.lck.</summary>
    public static string PathOf(HostLayout layout, Ctid ctid) => Path.Combine(layout.LockDirectory, $"{ctid}.lck");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
