using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>Held while the set of attached programs or of accounts changes. Whoever needs a container's lock too takes that one first.</summary>
internal static class BpfLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Takes it, waiting up to a minute.</summary>
    /// <exception cref="InsulaException">9: somebody keeps holding it.</exception>
    public static FileLock Take(HostLayout layout) => Take(layout, "bpf.lck", "counting resources");

    /// <summary>Takes one of its kind for other programs in the kernel.</summary>
    /// <param name="layout">Where locks are.</param>
    /// <param name="name">Which.</param>
    /// <param name="activity">What for.</param>
    /// <exception cref="InsulaException">9: somebody keeps holding it.</exception>
    public static FileLock Take(HostLayout layout, string name, string activity)
    {
        var path = Path.Combine(layout.LockDirectory, name);
        var start = Environment.TickCount64;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 8))
        {
            if (LockDirectory.Use(layout, () => FileLock.TryTake(path, activity)) is { } taken)
                return taken;
            if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
                throw new InsulaException(ExitCode.Locked, $"The lock {path} stays taken by {FileLock.DescribeHolder(path)}");
            Thread.Sleep(Random.Shared.Next(1, pause + 1));
        }
    }
}
