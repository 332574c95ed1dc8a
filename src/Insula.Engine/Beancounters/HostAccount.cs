using System.Globalization;
using Insula.Engine.Parameters;
using Insula.Linux.Processes;
using Insula.Linux.Sockets;

namespace Insula.Engine.Beancounters;

/// <summary>
/// The figures of the host itself, beancounter 0: those of the whole machine less what containers have, from one walk over /proc.
/// Nothing bounds the host.
/// </summary>
/// <param name="containers">The running containers.</param>
/// <param name="snapshot">What is read once for all.</param>
/// <param name="procDirectory">/proc, or what a test puts in its place.</param>
internal sealed class HostAccount(IReadOnlyList<ContainerAccount> containers, HostSnapshot snapshot, string procDirectory = "/proc") : IAccount
{
    private const long KiBInPage = Quantity.PageSize / 1024;

    private ProcessTotals? _totals;
    private readonly NetworkFigures _network = new([Environment.ProcessId]);
    private readonly HostMemory _memory = new(procDirectory);

    private ProcessTotals Totals => _totals ??= ProcessTotals.Of(OwnProcesses(), snapshot.FileLocks);

    private SocketMemory Buffers => _network.MemoryOf(Environment.ProcessId);

    private SocketCounts Sockets => _network.CountsOf(Environment.ProcessId);

    /// <inheritdoc/>
    public ResourceFigures Read(BeancounterResource resource) => resource.Number switch
    {
        0 => Less(resource, KiB("Slab") + KiB("KernelStack") + KiB("PageTables"), 1024),
        1 => new ResourceFigures(Totals.LockedKiB / KiBInPage),
        2 => new ResourceFigures(Totals.DataPages),
        3 => Less(resource, KiB("Shmem") / KiBInPage, 1),
        5 => new ResourceFigures(Totals.Threads),
        6 => Less(resource, (KiB("MemTotal") - KiB("MemFree")) / KiBInPage, 1),
        8 => Less(resource, (KiB("MemTotal") - KiB("MemFree") + KiB("SwapTotal") - KiB("SwapFree")) / KiBInPage, 1),
        9 => new ResourceFigures(Sockets.Tcp),
        10 => new ResourceFigures(Totals.FileLocks),
        11 => new ResourceFigures(TerminalCount.TryRead(Environment.ProcessId) ?? 0),
        12 => new ResourceFigures(Totals.QueuedSignals),
        13 => new ResourceFigures(Buffers.TcpSend),
        14 => new ResourceFigures(Buffers.TcpReceive),
        15 => new ResourceFigures(Buffers.OtherSend),
        16 => new ResourceFigures(Buffers.DatagramReceive),
        17 => new ResourceFigures(Sockets.Others),
        18 => Less(resource, KiB("SReclaimable"), 1024),
        19 => new ResourceFigures(Totals.Descriptors),
        23 => new ResourceFigures(_network.RulesOf(Environment.ProcessId)),
        24 => Less(resource, (KiB("SwapTotal") - KiB("SwapFree")) / KiBInPage, 1),
        _ => default,
    };

    // The kernel counts in batches per CPU, so the parts may add up to a little more than the whole.
    private ResourceFigures Less(BeancounterResource resource, long whole, long unit)
    {
        var own = whole * unit;
        foreach (var container in containers)
            own -= container.TryRead(resource)?.Held ?? 0;
        return new ResourceFigures(Math.Max(0, own));
    }

    private IEnumerable<int> OwnProcesses()
    {
        var theirs = new HashSet<int>();
        foreach (var container in containers)
            theirs.UnionWith(container.Processes);
        foreach (var path in Directory.EnumerateDirectories(procDirectory))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !theirs.Contains(pid))
                yield return pid;
        }
    }

    private long KiB(string name) => _memory[name];
}
