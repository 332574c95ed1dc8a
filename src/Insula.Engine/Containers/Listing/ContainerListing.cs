using Insula.Engine.Configuration;
using Insula.Linux.Mounts;

namespace Insula.Engine.Containers.Listing;

/// <summary>
/// The containers of this host for a list. Everything is read when it is asked for and then kept: a list of numbers reads no
/// configuration, and a container without a directory below RUNDIR is known not to run without asking the kernel.
/// </summary>
/// <param name="store">The configured containers.</param>
/// <param name="runtime">Which of them run.</param>
/// <param name="usage">What the running ones use.</param>
public sealed class ContainerListing(ContainerStore store, RuntimeState runtime, IContainerUsage usage)
{
    private HashSet<int>? _started;
    private HashSet<string>? _mountPoints;
    private double? _hostUptime;

    /// <summary>Every configured container, in ascending order; one that the caller has done with keeps no memory.</summary>
    public IEnumerable<ListedContainer> All()
    {
        foreach (var ctid in store.List())
            yield return new ListedContainer(ctid, this);
    }

    /// <summary>The container that a number or a name means; null when it is not configured.</summary>
    /// <exception cref="InsulaException">21: neither a number nor a known name.</exception>
    public ListedContainer? Find(string idOrName)
    {
        var ctid = store.Find(idOrName);
        return store.Exists(ctid) && !ctid.IsHost ? new ListedContainer(ctid, this) : null;
    }

    internal IContainerUsage Usage => usage;

    /// <summary>A configuration that cannot be read shows as an empty one: a list does not fail over one bad file.</summary>
    internal ContainerConfig Load(Ctid ctid)
    {
        try
        {
            return store.TryLoad(ctid) ?? store.CreateEmpty(ctid);
        }
        catch (InsulaException)
        {
            return store.CreateEmpty(ctid);
        }
    }

    internal bool IsRunning(Ctid ctid) => Started.Contains(ctid.Value) && runtime.IsRunning(ctid);

    internal bool IsMounted(string root) => (_mountPoints ??= ReadMountPoints()).Contains(root);

    /// <summary>Seconds since init started; null if it does not run.</summary>
    internal double? Uptime(Ctid ctid)
        => runtime.StartedAt(ctid) is { } start ? Math.Max(0, (_hostUptime ??= ReadHostUptime()) - start) : null;

    private HashSet<int> Started => _started ??= [.. runtime.Started().Select(ctid => ctid.Value)];

    private static HashSet<string> ReadMountPoints()
    {
        var points = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in MountTable.ReadOwn())
            points.Add(mount.MountPoint);
        return points;
    }

    /// <summary>The first number of /proc/uptime, <c>12345.67 23456.78</c>: seconds, on the clock of start times.</summary>
    private static double ReadHostUptime()
    {
        var text = File.ReadAllText("/proc/uptime").AsSpan();
        var end = text.IndexOf(' ');
        return end > 0 && double.TryParse(text[..end], out var seconds) ? seconds : 0;
    }
}
