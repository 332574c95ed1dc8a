using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Firewall;

/// <summary>
/// The host's firewall for its containers: rules that they cannot see or change, forwards of ports, NAT. In the kernel, by the tables <c>inet insula</c> and
/// <c>bridge insula</c>; no other table is touched. Every change is one transaction.
/// </summary>
/// <param name="engine">The host's containers.</param>
public sealed class HostFirewall(EngineContext engine)
{
    // Somebody else may delete a table in between.
    private const int Attempts = 8;
    private const int AttemptsToChange = 4;

    private readonly FirewallRegistry _registry = new(engine);

    /// <summary>The tables, for whoever watches them.</summary>
    public static IReadOnlyList<NftTable> Tables => FirewallTables.All;

    /// <summary>Puts a container's firewall into force, in the place of the one that it had.</summary>
    /// <param name="container">The container; its links need not be there.</param>
    /// <exception cref="InsulaException">106: it cannot be set, and nothing has changed. 78: a port is another container's. 21: a set that there is not.</exception>
    public void Set(ContainerContext container)
    {
        var wanted = ContainerFirewall.Of(container);
        var nat = NatRule.ParseList(engine.Global.Nat);
        if (wanted.IsEmpty && nat.Count == 0)
        {
            Remove(container.Ctid);
            return;
        }
        using var held = FirewallLock.OfTables(engine.Layout);
        var before = _registry.Save(container);
        try
        {
            Change(wanted, nat);
        }
        catch
        {
            _registry.Restore(container.Ctid, before);
            throw;
        }
    }

    private void Change(ContainerFirewall wanted, IReadOnlyList<NatRule> nat)
    {
        var sets = AddressSets.Load(engine.Layout);
        foreach (var name in wanted.Sets)
            sets.Require(name);
        if (wanted.Unseen is [var unseen, ..] && (wanted.CanDeny(AclDirection.In) || wanted.CanDeny(AclDirection.Out)))
        {
            throw new InsulaException(
                ExitCode.SetFirewall, $"The rules of CT {wanted.Ctid} would not hold for its device {unseen}, whose packets do not pass the host", "remove the device, or the rules: insula net acl");
        }
        var what = $"Cannot set the firewall of CT {wanted.Ctid}";
        Guard(what, socket =>
        {
            RequireFree(socket, new FirewallEntries(wanted, sets, nat), wanted.Ctid);
            // What somebody has taken out of a table cannot be changed: then all of it is made anew.
            Retry(socket, what, attempt => attempt < AttemptsToChange ? new FirewallChanges(socket, sets, nat).Put(wanted, _registry.All()) : new FirewallChanges(socket, sets, nat).MakeAnew(_registry.All(), []));
        });
    }

    private static void RequireFree(NftSocket socket, FirewallEntries entries, Ctid ctid)
    {
        foreach (var (map, wanted) in entries.Forwards())
        {
            if (wanted.Count == 0)
                continue;
            var taken = socket.Elements(FirewallTables.Routed, map).Where(element => element.Comment != FirewallTables.CommentOf(ctid))
                .ToDictionary(element => Convert.ToHexString(element.Key), element => element.Comment);
            foreach (var (key, _) in wanted)
            {
                if (taken.TryGetValue(Convert.ToHexString(key), out var owner))
                    throw new InsulaException(ExitCode.AddressInUse, $"A port that is to be forwarded to CT {ctid} is forwarded to {owner} already", "see insula net forward list");
            }
        }
    }

    /// <summary>Forgets a container; the tables go with the last one. Cheap if nothing is known of it.</summary>
    public void Remove(Ctid ctid)
    {
        using var socket = TryOpen();
        if (socket is null || !(_registry.Has(ctid) || HasTraces(socket, ctid)))
            return;
        using var held = FirewallLock.OfTables(engine.Layout);
        Retry(socket, $"Cannot remove the firewall of CT {ctid}", _ => FirewallChanges.Take(socket, ctid));
        _registry.Remove(ctid);
    }

    private static bool HasTraces(NftSocket socket, Ctid ctid)
        => FirewallTables.All.Any(table => socket.HasChain(table, FirewallTables.Chain(ctid, AclDirection.In)));

    /// <summary>Looks whether everything is there, and puts back what is not.</summary>
    /// <returns>The number of containers whose firewall was put back.</returns>
    public int Restore()
    {
        using var socket = TryOpen();
        if (socket is null)
            return 0;
        using var held = FirewallLock.OfTables(engine.Layout);
        var all = _registry.All();
        if (all.Count == 0)
            return 0;
        var kept = _registry.TakeCounters();
        var changes = new FirewallChanges(socket, AddressSets.Load(engine.Layout), NatRule.ParseList(engine.Global.Nat));
        if (changes.IsWhole(all))
            return 0;
        Guard("Cannot put the firewall of containers back", _ => Retry(socket, "Cannot put the firewall of containers back", _ => changes.MakeAnew(all, kept)));
        return all.Count;
    }

    /// <summary>Makes everything anew after what all containers share has changed: NAT of vz.conf, or a set.</summary>
    public void Renew()
    {
        var nat = NatRule.ParseList(engine.Global.Nat);
        using var held = FirewallLock.OfTables(engine.Layout);
        foreach (var ctid in nat.Count == 0 ? [] : engine.Runtime.Started())
        {
            // Those without rules have not been in it so far.
            if (!_registry.Has(ctid) && engine.Runtime.IsRunning(ctid) && engine.Store.TryLoad(ctid) is { } stored)
                _registry.Save(new ContainerContext(engine, Operations.AppliedConfig.Load(engine, stored)));
        }
        var all = _registry.All();
        if (all.Count == 0)
            return;
        Guard("Cannot set the firewall of containers", socket =>
        {
            var changes = new FirewallChanges(socket, AddressSets.Load(engine.Layout), nat);
            Retry(socket, "Cannot set the firewall of containers", _ => changes.MakeAnew(all, []));
        });
        foreach (var firewall in all.Where(firewall => firewall.IsEmpty && nat.Count == 0))
            _registry.Remove(firewall.Ctid);
    }

    /// <summary>What rules and policies have counted, by the name of the counter.</summary>
    internal static IReadOnlyDictionary<string, NftCounter> Counters()
    {
        var sums = new Dictionary<string, NftCounter>();
        using var socket = TryOpen();
        foreach (var counter in socket is null ? [] : FirewallTables.All.SelectMany(socket.Counters))
        {
            var old = sums.GetValueOrDefault(counter.Name);
            sums[counter.Name] = new NftCounter(counter.Name, old.Packets + counter.Packets, old.Bytes + counter.Bytes);
        }
        return sums;
    }

    /// <summary>Takes both tables away, with all that is known of them.</summary>
    /// <returns>False if there was none.</returns>
    public static bool RemoveTables(HostLayout layout)
    {
        FirewallRegistry.Clear(layout);
        using var socket = TryOpen();
        if (socket is null)
            return false;
        var changes = new NftTransaction();
        foreach (var table in FirewallTables.All.Where(socket.HasTable))
            changes.DeleteTable(table);
        return !changes.IsEmpty && socket.TryCommit(changes, out _) == Errno.None;
    }

    /// <summary>Leaves counters of a table that somebody else has deleted for <see cref="Restore"/>.</summary>
    public static void KeepCounters(HostLayout layout, IReadOnlyCollection<NftCounter> counters) => FirewallRegistry.KeepCounters(layout, counters);

    private static NftSocket? TryOpen()
    {
        try
        {
            return new NftSocket();
        }
        catch (LinuxException error) when (NftSocket.IsMissingFeature(error.Errno))
        {
            return null;
        }
    }

    private static void Guard(string what, Action<NftSocket> use)
    {
        try
        {
            using var socket = new NftSocket();
            use(socket);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SetFirewall, $"{what}: {error.Message}", error.Hint ?? "nftables with conntrack, NAT and log is needed; see insula check", error);
        }
    }

    private static void Retry(NftSocket socket, string what, Func<int, NftTransaction> changes)
    {
        for (var attempt = 1; ; attempt++)
        {
            var errno = socket.TryCommit(changes(attempt), out var text);
            if (errno == Errno.None)
                return;
            if (attempt == Attempts || errno is not (Errno.EEXIST or Errno.ENOENT or Errno.EBUSY))
            {
                throw new InsulaException(
                    ExitCode.SetFirewall, $"{what}: the kernel refuses: {errno}{(text is null ? "" : $" ({text})")}", "nftables with conntrack, NAT and log is needed; see insula check");
            }
        }
    }
}
