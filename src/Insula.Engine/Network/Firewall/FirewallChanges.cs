using Insula.Engine.Containers;
using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Firewall;

/// <summary>Works out the changes of the tables, from what is in the kernel to what is wanted.</summary>
/// <param name="socket">To see what is in the kernel.</param>
/// <param name="sets">Networks under a name.</param>
/// <param name="nat">NAT of vz.conf.</param>
internal sealed class FirewallChanges(NftSocket socket, AddressSets sets, IReadOnlyList<NatRule> nat)
{
    private readonly Lazy<BridgeFiltering> _bridges = new(() => ProbeBridges(socket));

    /// <summary>Puts one container in, in the place of what it had. A table that is not there is made with all containers.</summary>
    public NftTransaction Put(ContainerFirewall wanted, IReadOnlyList<ContainerFirewall> all)
    {
        var changes = new NftTransaction();
        foreach (var table in FirewallTables.All)
        {
            var entries = Entries(wanted);
            var exists = socket.HasTable(table);
            if (exists)
                FirewallEntries.RemoveFrom(changes, socket, table, wanted.Ctid, Needs(wanted, table) ? entries.Counters(table, Follows(table)) : []);
            if (!Needs(wanted, table))
                continue;
            if (exists)
                AddTo(changes, table, entries, KnownSets(table, wanted), hasNat: socket.HasChain(FirewallTables.Routed, FirewallTables.Forwards));
            else
                Make(changes, table, all, []);
        }
        return changes;
    }

    /// <summary>Takes a container out; a table goes with its last one.</summary>
    public static NftTransaction Take(NftSocket socket, Ctid ctid)
    {
        var changes = new NftTransaction();
        var comment = FirewallTables.CommentOf(ctid);
        foreach (var table in FirewallTables.All.Where(socket.HasTable))
        {
            var isUsed = FirewallTables.OwnedSets.SelectMany(set => socket.Elements(table, set))
                .Any(element => element.Comment != comment && element.Comment?.StartsWith("CT ", StringComparison.Ordinal) == true);
            if (isUsed)
                FirewallEntries.RemoveFrom(changes, socket, table, ctid, []);
            else
                changes.DeleteTable(table);
        }
        return changes;
    }

    /// <summary>Makes both tables anew with all containers; counters go on.</summary>
    public NftTransaction MakeAnew(IReadOnlyList<ContainerFirewall> all, IReadOnlyList<NftCounter> kept)
    {
        var changes = new NftTransaction();
        foreach (var table in FirewallTables.All)
        {
            var counters = socket.Counters(table).Concat(table == FirewallTables.Routed ? kept : []).ToList();
            if (socket.HasTable(table))
                changes.DeleteTable(table);
            if (all.Any(firewall => Needs(firewall, table)))
                Make(changes, table, all, counters);
        }
        return changes;
    }

    /// <summary>True if nothing is missing that these containers must have; what else was tampered with is not looked for.</summary>
    public bool IsWhole(IReadOnlyList<ContainerFirewall> all)
    {
        foreach (var table in FirewallTables.All)
        {
            var wanted = all.Where(firewall => Needs(firewall, table)).ToList();
            if (wanted.Count > 0 && !IsWhole(table, wanted))
                return false;
        }
        return true;
    }

    private bool IsWhole(NftTable table, IReadOnlyList<ContainerFirewall> wanted)
    {
        var rules = socket.RulesByChain(table);
        var expected = FirewallTables.Rules().ToList();
        var elements = new Dictionary<string, int>();
        foreach (var entries in wanted.Select(Entries))
        {
            expected.AddRange(entries.Chains(table, Follows(table)));
            foreach (var (map, values) in table == FirewallTables.Routed ? entries.Forwards() : [])
                elements[map.Name] = elements.GetValueOrDefault(map.Name) + values.Count;
        }
        if (table == FirewallTables.Routed && wanted.Any(firewall => Entries(firewall).NeedsNat))
            expected.AddRange(NatRules.All(nat));
        var links = wanted.Where(firewall => firewall.HasAcl).Sum(firewall => firewall.Links.Count(link => table == FirewallTables.Routed || !link.IsRouted));
        elements[FirewallTables.ToLinks.Name] = links;
        elements[FirewallTables.FromLinks.Name] = links;
        return expected.All(chain => rules.GetValueOrDefault(chain.Chain) == chain.Rules.Count)
            && FirewallTables.OwnedSets.All(set => !elements.TryGetValue(set.Name, out var count) || count <= socket.Elements(table, set).Count);
    }

    private FirewallEntries Entries(ContainerFirewall firewall) => new(firewall, sets, nat);

    private bool Needs(ContainerFirewall firewall, NftTable table)
    {
        if (!Entries(firewall).Needs(table))
            return false;
        if (table == FirewallTables.Routed || _bridges.Value != BridgeFiltering.None)
            return true;
        return firewall.Links.Any(link => !string.IsNullOrEmpty(link.Bridge))
            ? throw new InsulaException(ExitCode.SetFirewall, $"Cannot set the firewall of CT {firewall.Ctid}: this kernel has no nftables for bridges", "load nf_tables and its family bridge")
            : false;
    }

    private bool Follows(NftTable table) => table == FirewallTables.Routed || _bridges.Value == BridgeFiltering.Connections;

    private void Make(NftTransaction changes, NftTable table, IReadOnlyList<ContainerFirewall> all, IReadOnlyList<NftCounter> counters)
    {
        FirewallTables.AddTo(changes, table);
        var wanted = all.Where(firewall => Needs(firewall, table)).ToList();
        var names = wanted.SelectMany(firewall => Entries(firewall).Counters(table, Follows(table))).ToHashSet();
        foreach (var counter in counters.Where(counter => names.Contains(counter.Name)))
            changes.AddCounter(table, counter);
        var known = new HashSet<string>();
        var hasNat = false;
        foreach (var firewall in wanted)
        {
            AddTo(changes, table, Entries(firewall), known, hasNat);
            hasNat |= Entries(firewall).NeedsNat;
        }
    }

    private void AddTo(NftTransaction changes, NftTable table, FirewallEntries entries, HashSet<string> known, bool hasNat)
    {
        if (table == FirewallTables.Routed && entries.NeedsNat && !hasNat)
            FirewallTables.AddNat(changes, nat);
        entries.AddTo(changes, table, Follows(table), known);
    }

    private HashSet<string> KnownSets(NftTable table, ContainerFirewall wanted)
        => [.. wanted.Sets.SelectMany(name => (string[])[FirewallTables.Named(name, Linux.Netlink.IpFamily.IPv4).Name, FirewallTables.Named(name, Linux.Netlink.IpFamily.IPv6).Name])
            .Where(name => socket.HasSet(table, name))];

    /// <summary>Asks the kernel what it can do on bridges, by changes of which the last one cannot be carried out.</summary>
    internal static BridgeFiltering ProbeBridges(NftSocket socket)
    {
        return IsPossible(new NftRule()) ? IsPossible(new NftRule().Load(NftConntrack.State, 0)) ? BridgeFiltering.Connections : BridgeFiltering.Packets : BridgeFiltering.None;

        bool IsPossible(NftRule rule)
        {
            var table = new NftTable(NftFamily.Bridge, $"insula_probe_{Environment.ProcessId}");
            var changes = new NftTransaction();
            changes.AddTable(table, mustBeNew: true);
            changes.AddHookChain(table, "probe", "filter", NftHook.Prerouting, 0);
            changes.AddRule(table, "probe", rule.Return());
            changes.AddTable(table, mustBeNew: true);
            return socket.TryCommit(changes, out _) == Errno.EEXIST;
        }
    }
}

/// <summary>What the kernel's nftables can do on bridges.</summary>
internal enum BridgeFiltering
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Look at packets.</summary>
    Packets,

    /// <summary>Follow connections.</summary>
    Connections,
}
