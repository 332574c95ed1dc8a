using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Cgroups;
using Insula.Linux.Processes;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters;

/// <summary>The figures of a running container.</summary>
/// <param name="ctid">The container.</param>
/// <param name="group">Its groups.</param>
/// <param name="init">The pid of its init.</param>
/// <param name="snapshot">What is read once for all containers.</param>
/// <param name="network">What is in the network namespaces of the containers that are read.</param>
internal sealed class ContainerAccount(Ctid ctid, ControlGroup group, int init, HostSnapshot snapshot, NetworkFigures network) : IAccount
{
    private const long PageSize = Quantity.PageSize;
    private const long KiBInPage = PageSize / 1024;

    private MemoryDetail? _memory;
    private SortedSet<int>? _processes;
    private ProcessTotals? _totals;

    /// <summary>The container.</summary>
    public Ctid Ctid => ctid;

    /// <summary>Its processes.</summary>
    public SortedSet<int> Processes => _processes ??= group.ProcessesByOneHierarchy();

    private MemoryDetail Memory => _memory ??= group.Memory?.ReadDetail() ?? default;

    private ProcessTotals Totals => _totals ??= ProcessTotals.Of(Processes, snapshot.FileLocks);

    private SocketCounts Sockets => network.CountsOf(init);

    /// <summary>As <see cref="Read"/>; null if the container has stopped since it was found running.</summary>
    public ResourceFigures? TryRead(BeancounterResource resource)
    {
        try
        {
            return Read(resource);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ResourceFigures Read(BeancounterResource resource)
    {
        if (snapshot.CountOf(ctid, resource) is { } count)
            return new ResourceFigures(count.Held, count.MaxHeld, count.FailCount);
        return resource.Number switch
        {
            0 or 3 or 6 or 7 or 8 or 18 or 24 => ReadMemory(resource),
            5 => ReadProcesses(),
            9 => new ResourceFigures(Sockets.Tcp),
            13 or 14 or 15 or 16 => ReadBuffers(resource),
            23 => new ResourceFigures(network.RulesOf(init)),
            11 => new ResourceFigures(TerminalCount.TryRead(init) ?? 0),
            17 => new ResourceFigures(Sockets.Others),
            _ => ReadTotals(resource),
        };
    }

    private ResourceFigures ReadMemory(BeancounterResource resource) => resource.Number switch
    {
        0 => new ResourceFigures(Memory.Kernel ?? 0, Memory.KernelPeak, Memory.KernelFailCount),
        3 => new ResourceFigures((Memory.Shared ?? 0) / PageSize),
        6 => new ResourceFigures(Memory.Usage.Current / PageSize, Memory.Usage.Peak / PageSize, Memory.Usage.FailCount),
        8 => new ResourceFigures((Memory.Usage.Current + (Memory.Usage.SwapCurrent ?? 0)) / PageSize, null, Memory.Usage.OomKills),
        18 => new ResourceFigures(Memory.ReclaimableSlab ?? 0),
        24 => new ResourceFigures((Memory.Usage.SwapCurrent ?? 0) / PageSize, Memory.SwapPeak / PageSize, Memory.SwapFailCount),
        // Nothing is ever charged to vmguarpages.
        _ => new ResourceFigures(0, 0, 0),
    };

    private ResourceFigures ReadBuffers(BeancounterResource resource)
    {
        var memory = network.MemoryOf(init);
        return new ResourceFigures(resource.Number switch
        {
            13 => memory.TcpSend,
            14 => memory.TcpReceive,
            15 => memory.OtherSend,
            _ => memory.DatagramReceive,
        });
    }

    private ResourceFigures ReadProcesses() => group.Pids is { } pids
        ? new ResourceFigures(pids.Current, pids.Peak, pids.FailCount)
        : new ResourceFigures(Totals.Threads);

    private ResourceFigures ReadTotals(BeancounterResource resource) => resource.Number switch
    {
        1 => new ResourceFigures(Totals.LockedKiB / KiBInPage),
        2 => new ResourceFigures(Totals.DataPages),
        10 => new ResourceFigures(Totals.FileLocks),
        12 => new ResourceFigures(Totals.QueuedSignals),
        19 => new ResourceFigures(Totals.Descriptors),
        _ => default,
    };
}
