using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Bpf;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// Counts the traffic of containers, and holds it to rates, by two small programs at the host's end of each link. The kernel keeps the counts while a
/// container runs; what is kept beyond that is in <see cref="KeptTraffic"/>.
/// </summary>
/// <param name="layout">Where the installation has its things.</param>
/// <param name="mode">How. What was attached before is read and released all the same.</param>
/// <param name="warn">Where warnings go.</param>
public sealed class TrafficAccounting(HostLayout layout, TrafficMode mode, Action<string> warn)
{
    private readonly TrafficDirectory _directory = new(layout);

    /// <summary>True while anything is counted.</summary>
    public bool IsCounting => _directory.Exists || Store.CountedByLinks().Any();

    /// <summary>The store of what has passed.</summary>
    internal TrafficStore Store => new(layout, _directory);

    /// <summary>Null if this kernel takes the programs, else why not. Tries it, and leaves nothing.</summary>
    public static string? WhyNot()
    {
        try
        {
            using var maps = TrafficMaps.CreateUnnamed();
            TrafficDirectory.Load(maps, TrafficDirection.In).Dispose();
            TrafficDirectory.Load(maps, TrafficDirection.Out).Dispose();
            return null;
        }
        catch (LinuxException error)
        {
            return error.Message;
        }
    }

    /// <summary>Counts what passes a link from now on, which must be new: where the kernel takes no programs by its own counters.</summary>
    /// <param name="ctid">Whose the link is.</param>
    /// <param name="host">A socket of the host's network namespace.</param>
    /// <param name="name">The name of the host's end.</param>
    public void Attach(Ctid ctid, RouteSocket host, string name)
    {
        if (mode == TrafficMode.None || host.FindLink(name) is not { } link)
            return;
        using var held = Lock();
        if (mode == TrafficMode.Links)
        {
            new LinkTraffic(layout).Begin(ctid, name);
            return;
        }
        try
        {
            using var maps = OpenMaps();
            var account = EnsureAccount(maps, ctid);
            maps.Links.Set((uint)link.Index, new TrafficLink((uint)ctid.Value, (uint)account.LinkFlags, (uint)link.MasterIndex));
            using var incoming = _directory.Program(maps, TrafficDirection.In);
            using var outgoing = _directory.Program(maps, TrafficDirection.Out);
            BpfLinkAttachment.Attach(host, link.Index, incoming, leaving: true);
            BpfLinkAttachment.Attach(host, link.Index, outgoing, leaving: false);
        }
        catch (LinuxException error)
        {
            // What insula check shows under "traffic counting" is not said again at each start.
            if (error.Errno is not (Errno.EPERM or Errno.ENOSYS))
                warn($"The traffic of CT {ctid} is not counted by class: {error.Message}");
            RemoveIfUnused();
            new LinkTraffic(layout).Begin(ctid, name);
        }
    }

    /// <summary>Says by which bridge the traffic of a link goes; that of one which is not counted is left alone.</summary>
    public void SetDevice(RouteSocket host, string name)
    {
        if (!_directory.Exists || host.FindLink(name) is not { } link)
            return;
        using var held = Lock();
        using var maps = _directory.TryOpen();
        if (maps is not null && maps.Links.TryGet((uint)link.Index, out var known))
            maps.Links.Set((uint)link.Index, known with { Device = (uint)link.MasterIndex });
    }

    /// <summary>Changes which addresses are the container's own: traffic with them is of class 0.</summary>
    public void SetAddresses(Ctid ctid, IEnumerable<IpAddress> before, IEnumerable<IpAddress> wanted)
    {
        if (!_directory.Exists)
            return;
        using var held = Lock();
        using var maps = _directory.TryOpen();
        if (maps is null || !maps.Accounts.TryGet((uint)ctid.Value, out _))
            return;
        foreach (var address in before.Except(wanted))
            Forget(maps, address);
        foreach (var address in wanted)
        {
            if (address.Family == IpFamily.IPv4)
                maps.Own4.Set(TrafficClassTable.Number4(address), (uint)ctid.Value);
            else
                maps.Own6.Set(Address6.Of(address), (uint)ctid.Value);
        }
    }

    /// <summary>Puts rates into force, in the place of others.</summary>
    /// <exception cref="InsulaException">80: they cannot be had.</exception>
    internal void SetRates(Ctid ctid, RatePlan before, RatePlan wanted)
    {
        if (before.Own.Count == 0 && wanted.Own.Count == 0)
            return;
        using var held = Lock();
        using var maps = _directory.TryOpen();
        if (maps is null || !maps.Accounts.TryGet((uint)ctid.Value, out var account))
        {
            if (wanted.Own.Count > 0)
                throw NoRates(ctid);
            return;
        }
        using (var host = RouteSocket.Open())
            SetRates(ctid, new TrafficQueue(layout, host, maps), before, wanted);
        maps.Accounts.Set((uint)ctid.Value, account with { LinkFlags = wanted.LinkFlags });
        foreach (var (index, link) in maps.Links.ReadAll().Where(entry => entry.Value.Ctid == ctid.Value))
            maps.Links.Set(index, link with { Flags = wanted.LinkFlags });
    }

    /// <summary>True if somebody has taken away or changed the links by which the host holds to rates; what is above a rate is lost then.</summary>
    internal bool HasLostQueue()
    {
        if (!_directory.Exists)
            return false;
        using var maps = _directory.TryOpen();
        if (maps is null || maps.Rates.IsEmpty)
            return false;
        using var host = RouteSocket.Open();
        return new TrafficQueue(layout, host, maps).IsLost;
    }

    /// <summary>Makes these links again.</summary>
    /// <returns>The number of rates that are in force again; 0 if nothing was missing.</returns>
    internal int RestoreQueue()
    {
        if (!_directory.Exists)
            return 0;
        using var held = Lock();
        using var maps = _directory.TryOpen();
        if (maps is null || maps.Rates.IsEmpty)
            return 0;
        using var host = RouteSocket.Open();
        return new TrafficQueue(layout, host, maps).Restore();
    }

    private static void SetRates(Ctid ctid, TrafficQueue queue, RatePlan before, RatePlan wanted)
    {
        try
        {
            queue.Set(before, wanted);
        }
        catch (LinuxException error)
        {
            var hint = error.Errno is Errno.ENOENT or Errno.EOPNOTSUPP ? "this kernel has no HTB (sch_htb); see insula check" : error.Hint;
            throw new InsulaException(ExitCode.SetRate, $"The rates of CT {ctid} cannot be set: {error.Message}", hint, error);
        }
    }

    /// <summary>Puts classes of networks into force for what passes from now on; nothing happens while nothing is counted.</summary>
    public void LoadClasses(IReadOnlyList<NetworkClass> classes)
    {
        using var held = Lock();
        using var maps = _directory.TryOpen();
        if (maps is not null)
            new TrafficClassTable(maps).Load(classes);
    }

    /// <summary>The classes in force; null while nothing is counted.</summary>
    public IReadOnlyList<NetworkClass>? ClassesInForce()
    {
        using var maps = _directory.TryOpen();
        return maps is null ? null : new TrafficClassTable(maps).List();
    }

    /// <summary>
    /// Keeps what was counted of a container that has ended, and forgets its links, addresses and rates. With the last one everything pinned goes. May be
    /// repeated.
    /// </summary>
    public void Release(Ctid ctid)
    {
        if (!_directory.IsBegun)
            return;
        using var held = Lock();
        using (var maps = _directory.TryOpen())
        {
            if (maps is not null && maps.Accounts.TryGet((uint)ctid.Value, out _))
            {
                Store.Save(ctid, maps, durable: true, warn);
                Forget(maps, (uint)ctid.Value);
            }
        }
        RemoveIfUnused();
    }

    /// <summary>Keeps what has been counted of all containers until now, in case the host ends suddenly.</summary>
    public void SaveAll()
    {
        if (!IsCounting)
            return;
        using var held = Lock();
        foreach (var ctid in Store.CountedByLinks())
            Store.SaveLinks(ctid, durable: false, warn);
        using var maps = _directory.TryOpen();
        foreach (var (ctid, _) in maps?.Accounts.ReadAll() ?? [])
            Store.Save(new Ctid((int)ctid), maps!, durable: false, warn);
    }

    /// <summary>Keeps what the links of a container have counted, which is about to be stopped and takes them along.</summary>
    public void SaveLinks(Ctid ctid)
    {
        if (mode == TrafficMode.Programs && _directory.Exists)
            return;
        using var held = Lock();
        Store.SaveLinks(ctid, durable: true, warn);
    }

    /// <summary>Begins with nothing for some containers.</summary>
    public void Reset(IEnumerable<Ctid> containers)
    {
        using var held = Lock();
        foreach (var ctid in containers)
            Store.Reset(ctid);
    }

    /// <summary>Forgets what a container that is gone has had.</summary>
    public void Forget(Ctid ctid) => Store.Forget(ctid);

    private FileLock Lock() => BpfLock.Take(layout, "traffic.lck", "counting traffic");

    private TrafficMaps OpenMaps()
    {
        var maps = _directory.OpenOrCreate(out var isNew);
        if (!isNew)
            return maps;
        try
        {
            new TrafficClassTable(maps).Load(new LoadedClasses(layout).Read());
        }
        catch (InsulaException error)
        {
            warn($"{error.Message}; all traffic is of class {NetworkClasses.Default}");
        }
        return maps;
    }

    private static TrafficAccount EnsureAccount(TrafficMaps maps, Ctid ctid)
    {
        var key = (uint)ctid.Value;
        if (maps.Accounts.TryGet(key, out var account))
            return account;
        account = new TrafficAccount((ulong)Random.Shared.NextInt64(1, long.MaxValue), 0);
        maps.Counters.Clear(key);
        maps.Accounts.Set(key, account);
        return account;
    }

    private void RemoveIfUnused()
    {
        using (var maps = _directory.TryOpen())
        {
            if (maps?.Accounts.IsEmpty == false)
                return;
        }
        _directory.Remove();
    }

    // The account first: who reads without the lock takes what is kept when that has gone.
    private void Forget(TrafficMaps maps, uint ctid)
    {
        if (!maps.Rates.IsEmpty)
        {
            using var host = RouteSocket.Open();
            new TrafficQueue(layout, host, maps).Forget(ctid);
        }
        maps.Accounts.Remove(ctid);
        maps.Counters.Remove(ctid);
        foreach (var (index, _) in maps.Links.ReadAll().Where(entry => entry.Value.Ctid == ctid))
            maps.Links.Remove(index);
        foreach (var (address, _) in maps.Own4.ReadAll().Where(entry => entry.Value == ctid))
            maps.Own4.Remove(address);
        foreach (var (address, _) in maps.Own6.ReadAll().Where(entry => entry.Value == ctid))
            maps.Own6.Remove(address);
    }

    private static void Forget(TrafficMaps maps, IpAddress address)
    {
        if (address.Family == IpFamily.IPv4)
            maps.Own4.Remove(TrafficClassTable.Number4(address));
        else
            maps.Own6.Remove(Address6.Of(address));
    }

    private InsulaException NoRates(Ctid ctid)
    {
        if (mode != TrafficMode.Programs)
            return new InsulaException(ExitCode.SetRate, $"The rates of CT {ctid} cannot be set: TRAFFIC_ACCOUNTING={mode switch { TrafficMode.Links => "links", _ => "no" }} in vz.conf");
        return WhyNot() is { } why
            ? new InsulaException(ExitCode.SetRate, $"The rates of CT {ctid} cannot be set: {why}", "this kernel takes no BPF programs on links; see insula check")
            : new InsulaException(ExitCode.SetRate, $"The rates of CT {ctid} cannot be set: it has no link that is counted", "restart it");
    }
}
