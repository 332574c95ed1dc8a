using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.Network.Traffic;

/// <summary>What has passed of each container, in this run and before: what the kernel has counted and what was kept.</summary>
/// <param name="layout">Where the installation has its things.</param>
/// <param name="directory">Where the maps are.</param>
internal sealed class TrafficStore(HostLayout layout, TrafficDirectory directory)
{
    private const int Attempts = 8;

    private readonly LinkTraffic _links = new(layout);

    /// <summary>The traffic of a container; nothing for one that has had none.</summary>
    public TrafficTable Read(Ctid ctid)
    {
        using var maps = directory.TryOpen();
        return Read(ctid, maps);
    }

    /// <summary>That of all containers that have been counted, by number.</summary>
    public IReadOnlyList<(Ctid Ctid, TrafficTable Traffic)> ReadAll()
    {
        using var maps = directory.TryOpen();
        var known = new SortedSet<Ctid>(Kept().Concat(_links.Counted()));
        if (maps is not null)
            known.UnionWith(maps.Accounts.ReadAll().Select(entry => new Ctid((int)entry.Key)));
        return [.. known.Select(ctid => (ctid, Read(ctid, maps)))];
    }

    /// <summary>Keeps what a container has had until now. The caller holds the lock.</summary>
    /// <param name="ctid">The container; it is being counted.</param>
    /// <param name="maps">The maps.</param>
    /// <param name="durable">True: also beyond a power cut right now.</param>
    /// <param name="warn">Where to say that what was kept before cannot be read.</param>
    public void Save(Ctid ctid, TrafficMaps maps, bool durable, Action<string> warn)
    {
        if (maps.Accounts.TryGet((uint)ctid.Value, out var account) && maps.Counters.TryGet((uint)ctid.Value) is { } rows)
            Save(ctid, account.Epoch, TrafficTable.Sum(rows), durable, warn);
    }

    /// <summary>The same for containers whose links the kernel counts; nothing happens for others.</summary>
    public void SaveLinks(Ctid ctid, bool durable, Action<string> warn)
    {
        if (_links.TryRead(ctid) is var (epoch, live))
            Save(ctid, epoch, live, durable, warn);
    }

    /// <summary>Containers whose links the kernel counts.</summary>
    public IEnumerable<Ctid> CountedByLinks() => _links.Counted();

    private void Save(Ctid ctid, ulong epoch, TrafficTable live, bool durable, Action<string> warn)
    {
        var kept = KeptTraffic.None;
        try
        {
            kept = KeptTraffic.Load(PathOf(ctid));
        }
        catch (InsulaException error)
        {
            warn(error.Message);
        }
        var now = kept.With(epoch, live);
        if (kept.Epoch != now.Epoch || !kept.Last.SameAs(now.Last))
            now.Save(PathOf(ctid), durable);
    }

    /// <summary>Begins with nothing. The caller holds the lock.</summary>
    public void Reset(Ctid ctid)
    {
        using var maps = directory.TryOpen();
        if (maps is null || !maps.Accounts.TryGet((uint)ctid.Value, out var account))
        {
            Forget(ctid);
            _links.Reset(ctid);
            return;
        }
        // The file first: after it what the kernel has counted is all there is.
        (KeptTraffic.None with { Epoch = account.Epoch }).Save(PathOf(ctid), durable: true);
        maps.Counters.Clear((uint)ctid.Value);
    }

    /// <summary>Forgets a container that is gone.</summary>
    public void Forget(Ctid ctid)
    {
        // Its directory is there once something has been kept.
        if (File.Exists(PathOf(ctid)))
            File.Delete(PathOf(ctid));
    }

    private IEnumerable<Ctid> Kept()
    {
        if (!Directory.Exists(layout.TrafficDirectory))
            yield break;
        foreach (var path in Directory.EnumerateFiles(layout.TrafficDirectory))
        {
            if (Ctid.TryParse(Path.GetFileName(path), out var ctid))
                yield return ctid;
        }
    }

    // Without the lock: whoever ends the counting keeps the sum first and takes the account away then.
    private TrafficTable Read(Ctid ctid, TrafficMaps? maps)
    {
        var key = (uint)ctid.Value;
        for (var attempt = 0; maps is not null && attempt < Attempts; attempt++)
        {
            if (!maps.Accounts.TryGet(key, out var before))
                break;
            var rows = maps.Counters.TryGet(key);
            var kept = KeptTraffic.Load(PathOf(ctid));
            if (rows is not null && maps.Accounts.TryGet(key, out var after) && after.Epoch == before.Epoch)
                return kept.Total(before.Epoch, TrafficTable.Sum(rows));
        }
        return _links.TryRead(ctid) is var (epoch, live) ? KeptTraffic.Load(PathOf(ctid)).Total(epoch, live) : KeptTraffic.Load(PathOf(ctid)).Last;
    }

    private string PathOf(Ctid ctid) => Path.Combine(layout.TrafficDirectory, ctid.Value.ToString(CultureInfo.InvariantCulture));
}
