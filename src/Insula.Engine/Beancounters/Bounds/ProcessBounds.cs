using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>
/// The resource limits that every process of a container has (setrlimit(2)): lockedpages and numsiginfo, and numfile and privvmpages where
/// nothing better holds them. The container's root cannot raise them.
/// </summary>
internal sealed class ProcessBounds : IBound
{
    /// <inheritdoc/>
    // numsiginfo is a bound of the user namespace, which the kernel takes when it makes it and never again.
    public IReadOnlyList<BeancounterResource> Resources { get; } =
        [BeancounterResources.Locked, BeancounterResources.PrivateMemory, BeancounterResources.OpenFiles];

    /// <summary>
    /// What a process of the container is to be limited to. Where this process may not have as much itself, it is as much as it may have.
    /// </summary>
    public static IReadOnlyList<(ProcessLimit Limit, LimitPair Pair)> Of(ContainerContext container)
    {
        var limits = new List<(ProcessLimit, LimitPair)>();
        foreach (var resource in (BeancounterResource[])
            [BeancounterResources.Locked, BeancounterResources.QueuedSignals, BeancounterResources.OpenFiles, BeancounterResources.PrivateMemory])
        {
            if (BoundOf(container, resource) is var (limit, value))
                limits.Add((limit, PairOf(limit, value)));
        }
        return limits;
    }

    /// <summary>On which terms the container's user namespace is made.</summary>
    public static UserNamespaceTerms NamespaceTerms(ContainerContext container)
    {
        var limits = new List<(ProcessLimit, ulong)>();
        foreach (var resource in (BeancounterResource[])[BeancounterResources.Locked, BeancounterResources.QueuedSignals])
        {
            if (BoundOf(container, resource) is var (limit, value))
                limits.Add((limit, PairOf(limit, value).Hard));
        }
        return new UserNamespaceTerms(container.Ids.UidBase, limits);
    }

    /// <inheritdoc/>
    public void Apply(ContainerContext container, PidFd init)
    {
        // The plan of the first process has set them already.
    }

    /// <inheritdoc/>
    public void Change(ContainerContext container, PidFd init)
    {
        // Raising may be refused where lowering is not, and what was lowered could then not be raised again.
        foreach (var (limit, pair) in Wanted(container).OrderByDescending(wanted => IsRaise(init, wanted.Limit, wanted.Pair)))
            RunningProcesses.SetLimit(container.Group, init, limit, pair);
    }

    private IEnumerable<(ProcessLimit Limit, LimitPair Pair)> Wanted(ContainerContext container)
    {
        foreach (var resource in Resources)
        {
            if (LimitOf(container, resource) is { } limit)
                yield return (limit, BoundOf(container, resource) is var (_, value) ? PairOf(limit, value) : ProcessLimits.OwnOf(limit));
        }
    }

    private static bool IsRaise(PidFd init, ProcessLimit limit, LimitPair pair) => ProcessLimits.TryRead(init.Pid, limit) is { } inForce && pair.Hard > inForce.Hard;

    private static (ProcessLimit Limit, ulong Value)? BoundOf(ContainerContext container, BeancounterResource resource)
    {
        var barrier = BeancounterBounds.Of(container.Config, resource).Barrier;
        if (barrier == BarrierLimit.Unlimited || LimitOf(container, resource) is not { } limit)
            return null;
        var value = resource.Unit == BeancounterUnit.Pages ? Math.Min(barrier, long.MaxValue / Quantity.PageSize) * Quantity.PageSize : barrier;
        return (limit, (ulong)value);
    }

    private static ProcessLimit? LimitOf(ContainerContext container, BeancounterResource resource)
    {
        if (resource == BeancounterResources.Locked)
            return ProcessLimit.LockedMemory;
        if (resource == BeancounterResources.QueuedSignals)
            return ProcessLimit.QueuedSignals;
        if (container.Engine.Bpf.MechanismOf(resource).Exact)
            return null;
        return resource == BeancounterResources.OpenFiles ? ProcessLimit.OpenFiles : ProcessLimit.Data;
    }

    private static LimitPair PairOf(ProcessLimit limit, ulong value)
    {
        if (limit == ProcessLimit.OpenFiles)
            value = Math.Min(value, MostFiles());
        var hard = Math.Min(value, ProcessLimits.RaiseOwnHard(limit, value));
        // Programs take a high soft limit as the number of descriptors to go through; who needs more raises it.
        return limit == ProcessLimit.OpenFiles ? new LimitPair(Math.Min(hard, ProcessLimits.OwnOf(limit).Soft), hard) : new LimitPair(hard, hard);
    }

    // The kernel refuses more (proc(5), /proc/sys/fs/nr_open).
    private static ulong MostFiles()
    {
        const string path = "/proc/sys/fs/nr_open";
        var text = File.ReadAllText(path).Trim();
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? most
            : throw new LinuxException("understand", $"\"{text}\" in {path}", Errno.EPROTO);
    }
}
