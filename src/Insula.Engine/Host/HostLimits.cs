using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>
/// The limits of the kernel that a host's containers share. packaging/sysctl.d states the raised ones once more, for the boot.
/// </summary>
/// <remarks>
/// kernel.keys.* is not among them: keys are counted per user of the host, each container has users of its own (its root needs 14 of
/// the 200 under systemd), and as the memory of keys is counted in no cgroup, more of them would be a way around a container's limit.
/// </remarks>
public sealed class HostLimits
{
    private const string InotifyCost = "Containers count together, as one user made them all: programs in the next one fail with \"too many open files\".";
    private const string NeighbourCost = "One table for the host and all containers has an entry for each peer of each: further connections fail.";

    private readonly SysctlTree _tree;

    /// <summary>The limits of a host.</summary>
    public HostLimits(SysctlTree tree) => _tree = tree;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HostLimit> All { get; } =
    [
        new("fs/inotify/max_user_instances", 1048576, true, InotifyCost),
        new("fs/inotify/max_user_watches", 1048576, true, InotifyCost),
        new("fs/aio-max-nr", 1048576, true, "Databases in containers count together: the next one cannot use asynchronous I/O and may not start."),
        new("kernel/pid_max", 4194304, true, "Processes of all containers count together: further ones cannot be made."),
        new("kernel/pty/max", 32768, true, "Terminals of all containers count together: further logins get none."),
        new("net/ipv4/neigh/default/gc_thresh2", 16384, true, NeighbourCost),
        new("net/ipv4/neigh/default/gc_thresh3", 32768, true, NeighbourCost),
        new("net/ipv6/neigh/default/gc_thresh2", 16384, true, NeighbourCost),
        new("net/ipv6/neigh/default/gc_thresh3", 32768, true, NeighbourCost),
        new("vm/max_map_count", 262144, true, "Databases and search engines in containers refuse to start, and no container may raise it."),
        Namespaces("user"),
        Namespaces("mnt"),
        Namespaces("net"),
        Namespaces("pid"),
        Namespaces("ipc"),
        Namespaces("uts"),
        Namespaces("cgroup"),
    ];

    /// <summary>Raises what is too low, lowers nothing, and returns what was changed. Lasts until the host restarts.</summary>
    /// <exception cref="LinuxException">One cannot be written.</exception>
    public IReadOnlyList<SysctlChange> Raise()
    {
        var changes = new List<SysctlChange>();
        foreach (var limit in All)
        {
            if (limit.IsRaised && Value(_tree.Read(limit.Path)) < limit.Minimum)
                _tree.Set(limit.Path, limit.Minimum.ToString(CultureInfo.InvariantCulture), limit.Cost, changes);
        }
        return changes;
    }

    /// <summary>A limit as the file has it; null if it is not there or no number.</summary>
    internal static long? Value(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static HostLimit Namespaces(string kind) => new(
        $"user/max_{kind}_namespaces", 1024, false, "Namespaces of all containers count together: further containers, or services in them, do not start.");
}
