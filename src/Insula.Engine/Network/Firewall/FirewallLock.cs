using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.Network.Firewall;

/// <summary>A lock under which one command at a time changes something of the firewall that containers share. Held for moments, so others wait for it.</summary>
internal sealed class FirewallLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly FileLock _lock;

    private FirewallLock(FileLock taken) => _lock = taken;

    /// <summary>For the tables in the kernel and the registry of them.</summary>
    public static FirewallLock OfTables(HostLayout layout) => Take(layout, "firewall.lck", "setting the firewall");

    /// <summary>For what is configured: forwards of all containers, address sets, NAT. Taken before the other.</summary>
    public static FirewallLock OfSettings(HostLayout layout) => Take(layout, "firewall-settings.lck", "changing the firewall's settings");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FirewallLock Take(HostLayout layout, string name, string activity)
    {
        var path = Path.Combine(layout.LockDirectory, name);
        var start = Environment.TickCount64;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 8))
        {
            if (LockDirectory.Use(layout, () => FileLock.TryTake(path, activity)) is { } taken)
                return new FirewallLock(taken);
            if (Environment.TickCount64 - start > s_patience.TotalMilliseconds)
                throw new InsulaException(ExitCode.Locked, $"The lock {path} stays taken by {FileLock.DescribeHolder(path)}");
            Thread.Sleep(Random.Shared.Next(1, pause + 1));
        }
    }
}
