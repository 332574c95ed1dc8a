using Insula.Engine.Containers;
using Insula.Linux.Cgroups;
using Insula.Linux.PageFrames;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Shared;

/// <summary>
/// Reads which page frames the running containers hold and divides them. The kernel does not keep in which order they came to a page;
/// the container that was started first is taken as the one that came first.
/// </summary>
/// <param name="engine">Where containers and their groups are.</param>
public sealed class SharedMemoryReader(EngineContext engine)
{
    private readonly ProcessFrames _processes = new();
    private readonly FrameBitmap _bitmap = new();
    private readonly SeenMappings _seen = new();

    /// <summary>Reads all containers. Nothing stands still while it does: a page that comes or goes meanwhile is counted or not.</summary>
    /// <exception cref="LinuxException">The kernel does not tell.</exception>
    public SharedMemory Read()
    {
        var rows = new List<SharedMemoryRow>();
        var sets = new List<FrameSet>();
        foreach (var ctid in ByStart())
        {
            if (ReadContainer(ctid) is not var (row, frames))
                continue;
            rows.Add(row);
            sets.Add(frames);
        }
        var shares = new FrameShares(sets);
        using var counts = MappingCounts.TryOpen();
        shares.Divide(counts is null ? (_, _) => _ => false : new HostMappings(counts, _seen).InWindow);
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { Share = Bytes(shares.Shares[i]) };
        return new SharedMemory(rows, shares.Frames * Environment.SystemPageSize, counts is null ? null : Bytes(shares.HostShare));
    }

    private static long Bytes(long share) => (long)((Int128)share * Environment.SystemPageSize / PageShare.Whole);

    private IEnumerable<Ctid> ByStart() => engine.Runtime.Started()
        .Select(ctid => (Ctid: ctid, Start: engine.Runtime.StartedAt(ctid)))
        .Where(container => container.Start is not null)
        .OrderBy(container => container.Start).ThenBy(container => container.Ctid)
        .Select(container => container.Ctid);

    private (SharedMemoryRow Row, FrameSet Frames)? ReadContainer(Ctid ctid)
    {
        var group = engine.Group(ctid);
        if (!group.Exists)
            return null;
        var (count, rss, pss) = (0, 0L, 0L);
        foreach (var pid in group.ProcessesByOneHierarchy())
        {
            if (ResidentMemory.TryRead(pid) is not { } resident || !_processes.TryRead(pid, Take))
                continue;
            count++;
            rss += resident.Rss;
            pss += resident.Pss;
        }
        var frames = _bitmap.Take();
        var distinct = frames.Count * Environment.SystemPageSize;
        return (new SharedMemoryRow(ctid, count, rss, pss, distinct, 0, ChargeOf(group)), frames);
    }

    private void Take(long frame)
    {
        _bitmap.Add(frame);
        _seen.Add(frame);
    }

    private static long? ChargeOf(ControlGroup group)
    {
        try
        {
            return group.Memory?.ReadUsage().Current;
        }
        // It has stopped meanwhile.
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }
}
