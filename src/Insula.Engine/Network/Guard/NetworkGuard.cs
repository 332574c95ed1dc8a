using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Guard;

/// <summary>
/// Lets nothing out of a container's links that speaks for somebody else: false source addresses, ARP and neighbour discovery for others' addresses,
/// router advertisements, answers of DHCP servers. In the kernel, by the nftables table <c>netdev insula</c>, as packets arrive at the host's end of a
/// link. No other table is touched. What was dropped is counted for each container.
/// </summary>
public sealed class NetworkGuard : IDisposable
{
    // Another command may change the same at the same time: then the kernel refuses one of them, which looks again.
    private const int Attempts = 16;

    /// <summary>The table: <c>netdev insula</c>.</summary>
    public static NftTable Table => GuardTable.Table;

    private readonly NftSocket _socket;

    private NetworkGuard(NftSocket socket) => _socket = socket;

    /// <summary>Opens it, with the table in place; null if this kernel cannot guard links.</summary>
    public static NetworkGuard? TryOpen() => TryOpen(guard => guard.EnsureTable());

    /// <summary>Opens it to look and to forget: the table need not be there.</summary>
    public static NetworkGuard? TryOpenExisting() => TryOpen(_ => { });

    private static NetworkGuard? TryOpen(Action<NetworkGuard> prepare)
    {
        NftSocket? socket = null;
        try
        {
            socket = new NftSocket();
            var guard = new NetworkGuard(socket);
            prepare(guard);
            return guard;
        }
        catch (LinuxException error)
        {
            socket?.Dispose();
            // ENOENT: no such expression, when the table is made.
            if (NftSocket.IsMissingFeature(error.Errno) || error.Errno == Errno.ENOENT)
                return null;
            throw;
        }
    }

    /// <summary>Takes the whole table away. False if there was none.</summary>
    public static bool RemoveTable()
    {
        try
        {
            using var socket = new NftSocket();
            if (!socket.HasTable(GuardTable.Table))
                return false;
            var changes = new NftTransaction();
            changes.DeleteTable(GuardTable.Table);
            return socket.TryCommit(changes, out _) == Errno.None;
        }
        catch (LinuxException error) when (NftSocket.IsMissingFeature(error.Errno))
        {
            return false;
        }
    }

    /// <summary>True if the table is there.</summary>
    public static bool IsInForce()
    {
        try
        {
            using var socket = new NftSocket();
            return socket.HasTable(GuardTable.Table);
        }
        catch (LinuxException error) when (NftSocket.IsMissingFeature(error.Errno))
        {
            return false;
        }
    }

    /// <summary>Guards a link, which exists, from now on. What was known of the container before was forgotten before it started.</summary>
    public void Set(GuardedLink link)
        => Retry($"guard link {link.Link}", () =>
        {
            EnsureTable();
            var changes = new NftTransaction();
            if (_socket.HasChain(GuardTable.Table, link.Link))
                changes.DeleteChain(GuardTable.Table, link.Link);
            AddSegment(changes, link.Segment);
            GuardEntries.AddTo(changes, link);
            return changes;
        });

    /// <summary>Guards a link that is guarded already by other terms.</summary>
    public void Change(GuardedLink link)
        => Retry($"guard link {link.Link}", () =>
        {
            EnsureTable();
            var changes = new NftTransaction();
            var snapshot = new GuardSnapshot(_socket);
            Forget(changes, snapshot, [link.Link]);
            // Forgetting the only link of a segment takes that away.
            if (link.Segment != GuardTable.Routing && !snapshot.Segments.Any(entry => entry.Key != link.Link && entry.Value == link.Segment))
                GuardTable.AddSegment(changes, link.Segment);
            GuardEntries.AddTo(changes, link);
            return changes;
        });

    /// <summary>Lets a routed link use further addresses.</summary>
    /// <param name="link">The link.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="shared">True if others may use them too.</param>
    public void AddAddresses(GuardedLink link, IReadOnlyCollection<IpAddress> addresses, bool shared)
        => Retry($"guard link {link.Link}", () =>
        {
            EnsureTable();
            var changes = new NftTransaction();
            var entries = addresses.Select(address => GuardEntries.Source(link, address));
            if (!shared)
                entries = entries.Concat(addresses.Select(address => GuardEntries.Owned(link.Segment, address)));
            foreach (var group in entries.GroupBy(entry => entry.Set.Name))
                changes.AddElements(GuardTable.Table, group.First().Set, [.. group.Select(entry => entry.Key)]);
            return changes;
        });

    /// <summary>Takes addresses from a routed link.</summary>
    public void RemoveAddresses(GuardedLink link, IReadOnlyCollection<IpAddress> addresses)
        => Retry($"guard link {link.Link}", () =>
        {
            EnsureTable();
            var snapshot = new GuardSnapshot(_socket);
            var others = snapshot.UsedElsewhere(link.Link);
            var entries = addresses.Select(address => GuardEntries.Source(link, address))
                .Concat(addresses.Where(address => !others.Contains(address)).Select(address => GuardEntries.Owned(link.Segment, address)));
            var changes = new NftTransaction();
            foreach (var group in entries.Where(entry => snapshot.Has(entry.Set, entry.Key)).GroupBy(entry => entry.Set.Name))
                changes.DeleteElements(GuardTable.Table, group.First().Set, [.. group.Select(entry => entry.Key)]);
            return changes;
        });

    /// <summary>True if the address belongs to a container or the host in a segment.</summary>
    public bool IsOwned(uint segment, IpAddress address)
    {
        var (set, key) = GuardEntries.Owned(segment, address);
        return _socket.HasElement(GuardTable.Table, set, key);
    }

    /// <summary>Forgets a link, and with a container's last one what was counted. Cheap if nothing is known of it.</summary>
    public void Remove(Ctid ctid, string link)
    {
        if (!HasTraces(link))
            return;
        Retry($"forget link {link}", () =>
        {
            var changes = new NftTransaction();
            if (!HasTraces(link))
                return changes;
            var snapshot = new GuardSnapshot(_socket);
            Forget(changes, snapshot, [link]);
            if (snapshot.LinksOf(ctid).All(other => other == link))
                ForgetCounters(changes, ctid);
            return changes;
        });
        RemoveUnused();
    }

    private bool HasTraces(string link)
        => _socket.HasElement(GuardTable.Table, GuardTable.Segments, NftKey.Of(link)) || _socket.HasChain(GuardTable.Table, link);

    /// <summary>Forgets a container: its links, and what was counted. Cheap if nothing is known of it.</summary>
    public void Remove(Ctid ctid)
    {
        if (!_socket.HasCounter(GuardTable.Table, GuardTable.CounterName(ctid, GuardReason.Source)))
            return;
        Retry($"forget the links of CT {ctid}", () =>
        {
            var changes = new NftTransaction();
            if (!_socket.HasCounter(GuardTable.Table, GuardTable.CounterName(ctid, GuardReason.Source)))
                return changes;
            var snapshot = new GuardSnapshot(_socket);
            Forget(changes, snapshot, snapshot.LinksOf(ctid));
            ForgetCounters(changes, ctid);
            return changes;
        });
        RemoveUnused();
    }

    // With the last link the table goes. Somebody may add one after it was looked: then the kernel refuses, and it is looked again.
    private void RemoveUnused()
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var changes = new NftTransaction(_socket.ReadGeneration());
            if (!_socket.HasTable(GuardTable.Table) || _socket.Elements(GuardTable.Table, GuardTable.Segments).Count > 0 || _socket.Counters(GuardTable.Table).Count > 0)
                return;
            changes.DeleteTable(GuardTable.Table);
            // Whatever else it is, the table does no harm, and the next time it is tried again.
            if (_socket.TryCommit(changes, out _) != Errno.ERESTART)
                return;
        }
    }

    private void ForgetCounters(NftTransaction changes, Ctid ctid)
    {
        foreach (var reason in GuardTable.Reasons)
        {
            if (_socket.HasCounter(GuardTable.Table, GuardTable.CounterName(ctid, reason)))
                changes.DeleteCounter(GuardTable.Table, GuardTable.CounterName(ctid, reason));
        }
    }

    /// <summary>Puts back what is missing for these links, be it everything.</summary>
    /// <param name="links">The guarded links there are.</param>
    /// <param name="kept">Counters of a table that was deleted, to go on from.</param>
    /// <returns>The number of links for which something was missing.</returns>
    public int Restore(IReadOnlyList<GuardedLink> links, IReadOnlyCollection<NftCounter> kept)
    {
        var restored = 0;
        Retry("put the guard of links back", () =>
        {
            var changes = new NftTransaction();
            restored = RestoreInto(changes, links, kept);
            return changes;
        });
        return restored;
    }

    private int RestoreInto(NftTransaction changes, IReadOnlyList<GuardedLink> links, IReadOnlyCollection<NftCounter> kept)
    {
        var rules = _socket.RulesByChain(GuardTable.Table);
        var known = new HashSet<Ctid>(links.Select(link => link.Ctid));
        var counters = kept.Concat(_socket.Counters(GuardTable.Table))
            .Where(counter => GuardTable.TryParseCounter(counter.Name, out var ctid, out _) && known.Contains(ctid)).ToList();
        List<uint> segments = [.. links.Select(link => link.Segment).Append(GuardTable.Routing).Distinct()];
        if (!GuardTable.IsWhole(rules) || segments.Exists(segment => IsDamaged(segment, rules)))
        {
            if (_socket.HasTable(GuardTable.Table))
                changes.DeleteTable(GuardTable.Table);
            GuardTable.AddTo(changes);
            rules = new Dictionary<string, int>();
        }
        var snapshot = rules.Count == 0 ? null : new GuardSnapshot(_socket);
        foreach (var segment in segments.Where(segment => segment != GuardTable.Routing && !rules.ContainsKey(GuardTable.SegmentChain(segment))))
            GuardTable.AddSegment(changes, segment);
        // The first of a name counts, as the kernel leaves a counter alone that is there.
        foreach (var counter in counters)
            changes.AddCounter(GuardTable.Table, counter);
        return links.Count(link => RestoreLink(changes, link, rules, snapshot));
    }

    // A chain to which links jump cannot be exchanged but with everything. The one of a bridge may not be there yet.
    private bool IsDamaged(uint segment, IReadOnlyDictionary<string, int> rules)
    {
        var name = GuardTable.SegmentChain(segment);
        return rules.TryGetValue(name, out var found)
            ? found != GuardRules.OfSegment(segment).Count
            : segment == GuardTable.Routing || _socket.HasChain(GuardTable.Table, name);
    }

    private void AddSegment(NftTransaction changes, uint segment)
    {
        if (segment != GuardTable.Routing && !_socket.HasChain(GuardTable.Table, GuardTable.SegmentChain(segment)))
            GuardTable.AddSegment(changes, segment);
    }

    private bool RestoreLink(NftTransaction changes, GuardedLink link, IReadOnlyDictionary<string, int> rules, GuardSnapshot? snapshot)
    {
        var hasChain = rules.GetValueOrDefault(link.Link) == GuardEntries.RulesOf(link).Count;
        if (hasChain && snapshot?.IsWhole(link) == true)
            return false;
        GuardEntries.AddElements(changes, link);
        if (hasChain)
            return true;
        if (snapshot is not null && _socket.HasChain(GuardTable.Table, link.Link))
            changes.DeleteChain(GuardTable.Table, link.Link);
        GuardEntries.AddChain(changes, link);
        return true;
    }

    /// <summary>What was dropped, by container and reason.</summary>
    public IReadOnlyList<GuardCount> Counts()
    {
        var counts = new List<GuardCount>();
        foreach (var counter in _socket.Counters(GuardTable.Table))
        {
            if (GuardTable.TryParseCounter(counter.Name, out var ctid, out var reason))
                counts.Add(new GuardCount(ctid, reason, counter.Packets, counter.Bytes));
        }
        counts.Sort((one, other) => (one.Ctid.Value, one.Reason).CompareTo((other.Ctid.Value, other.Reason)));
        return counts;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Forget(NftTransaction changes, GuardSnapshot snapshot, IReadOnlyList<string> links)
    {
        // The chain first: it goes with its link on older kernels.
        foreach (var link in links)
        {
            if (_socket.HasChain(GuardTable.Table, link))
                changes.DeleteChain(GuardTable.Table, link);
        }
        snapshot.Forget(changes, links);
    }

    private void EnsureTable()
    {
        if (_socket.HasTable(GuardTable.Table))
            return;
        var changes = new NftTransaction();
        if (_socket.HasTable(GuardTable.Former))
            changes.DeleteTable(GuardTable.Former);
        GuardTable.AddTo(changes);
        var errno = _socket.TryCommit(changes, out var text);
        // Another command was quicker.
        if (errno is not (Errno.None or Errno.EEXIST) && !_socket.HasTable(GuardTable.Table))
            throw new LinuxException("make the nftables table", GuardTable.Table.ToString(), errno, text is null ? null : $"the kernel says: {text}");
    }

    private void Retry(string what, Func<NftTransaction> changes)
    {
        for (var attempt = 1; ; attempt++)
        {
            var errno = _socket.TryCommit(changes(), out var text);
            if (errno == Errno.None)
                return;
            if (attempt == Attempts || errno is not (Errno.EEXIST or Errno.ENOENT or Errno.EBUSY))
                throw new LinuxException(what, "with nftables", errno, text is null ? null : $"the kernel says: {text}");
        }
    }
}
