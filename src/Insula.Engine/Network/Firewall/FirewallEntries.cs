using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>What one container adds to the tables.</summary>
/// <param name="firewall">The container.</param>
/// <param name="sets">Networks under a name.</param>
/// <param name="nat">NAT of vz.conf.</param>
internal sealed class FirewallEntries(ContainerFirewall firewall, AddressSets sets, IReadOnlyList<NatRule> nat)
{
    private static readonly IpFamily[] s_families = [IpFamily.IPv4, IpFamily.IPv6];

    private readonly string _comment = FirewallTables.CommentOf(firewall.Ctid);

    /// <summary>True if the container has something in a table.</summary>
    public bool Needs(NftTable table) => table == FirewallTables.Routed
        ? !firewall.IsEmpty || nat.Count > 0
        : firewall.HasAcl && firewall.Links.Any(link => !link.IsRouted);

    /// <summary>True if it needs what changes addresses.</summary>
    public bool NeedsNat => firewall.Forwards.Count > 0 || nat.Count > 0;

    /// <summary>The chains in a table with their rules.</summary>
    public IReadOnlyList<(string Chain, IReadOnlyList<NftRule> Rules)> Chains(NftTable table, bool follows)
        => firewall.HasAcl ? new AclRules(firewall, table, follows).Chains() : [];

    /// <summary>Adds it. Chains and elements must be new; counters go on.</summary>
    /// <param name="changes">Gets the changes.</param>
    /// <param name="table">The table.</param>
    /// <param name="follows">True if the kernel follows connections there.</param>
    /// <param name="known">Named sets that are in the table; those that this adds are put in.</param>
    public void AddTo(NftTransaction changes, NftTable table, bool follows, HashSet<string> known)
    {
        if (firewall.HasAcl)
            AddAcl(changes, table, follows, known);
        if (table != FirewallTables.Routed)
            return;
        AddForwards(changes);
        AddNat(changes);
    }

    private void AddAcl(NftTransaction changes, NftTable table, bool follows, HashSet<string> known)
    {
        var acl = new AclRules(firewall, table, follows);
        foreach (var name in firewall.Sets)
            AddNamed(changes, table, name, known);
        foreach (var counter in acl.Counters())
            changes.AddCounter(table, new NftCounter(counter, 0, 0));
        changes.AddLimit(table, FirewallTables.LogLimit(firewall.Ctid), AclRules.LogsPerMinute, AclRules.LogBurst);
        if (acl.HasFlows)
        {
            foreach (var family in s_families)
                changes.AddSet(table, FirewallTables.Flows(firewall.Ctid, family));
        }
        foreach (var (chain, rules) in acl.Chains())
        {
            changes.AddChain(table, chain, mustBeNew: true);
            foreach (var rule in rules)
                changes.AddRule(table, chain, rule);
        }
        foreach (var link in firewall.Links.Where(link => table == FirewallTables.Routed || !link.IsRouted))
        {
            changes.AddJump(table, FirewallTables.ToLinks, NftKey.Of(link.Name), FirewallTables.Chain(firewall.Ctid, AclDirection.In), _comment);
            changes.AddJump(table, FirewallTables.FromLinks, NftKey.Of(link.Name), FirewallTables.Chain(firewall.Ctid, AclDirection.Out), _comment);
        }
    }

    private void AddNamed(NftTransaction changes, NftTable table, string name, HashSet<string> known)
    {
        var networks = sets.Require(name);
        foreach (var family in s_families)
        {
            var set = FirewallTables.Named(name, family);
            if (!known.Add(set.Name))
                continue;
            changes.AddSet(table, set);
            changes.AddRanges(table, set, NetworkPrefix.Ranges(networks, family));
        }
    }

    private void AddForwards(NftTransaction changes)
    {
        foreach (var (map, entries) in Forwards())
            changes.AddValues(FirewallTables.Routed, map, entries, _comment);
        if (firewall.Forwards.Count == 0)
            return;
        foreach (var link in firewall.Links)
            changes.AddElements(FirewallTables.Routed, FirewallTables.Hairpins, [NftKey.Of(link.RoutedBy, link.RoutedBy)], "forwards");
    }

    /// <summary>The elements of the maps of forwards.</summary>
    public IEnumerable<(NftSet Map, IReadOnlyList<(byte[] Key, byte[] Value)> Entries)> Forwards()
    {
        foreach (var family in s_families)
        {
            var (anywhere, at) = family == IpFamily.IPv4
                ? (FirewallTables.Forwards4, FirewallTables.ForwardsAt4)
                : (FirewallTables.Forwards6, FirewallTables.ForwardsAt6);
            var forwards = firewall.Forwards.Select(forward => (Forward: forward, Target: firewall.TargetOf(forward, family))).Where(pair => pair.Target is not null).ToList();
            yield return (anywhere, [.. forwards.Where(pair => pair.Forward.Address is null).SelectMany(pair => Elements(pair.Forward, pair.Target!.Value))]);
            yield return (at, [.. forwards.Where(pair => pair.Forward.Address is not null).SelectMany(pair => Elements(pair.Forward, pair.Target!.Value))]);
        }
    }

    private static IEnumerable<(byte[] Key, byte[] Value)> Elements(PortForward forward, IpAddress target)
    {
        for (var i = 0; i < forward.HostPorts.Count; i++)
        {
            byte[] protocol = [forward.Protocol.Number!.Value];
            var port = PortRange.Bytes((ushort)(forward.HostPorts.First + i));
            yield return (
                forward.Address is { } address ? NftKey.Join(NftKey.Of(address), protocol, port) : NftKey.Join(protocol, port),
                NftKey.Join(NftKey.Of(target), PortRange.Bytes((ushort)(forward.Ports.First + i))));
        }
    }

    private void AddNat(NftTransaction changes)
    {
        if (nat.Count == 0)
            return;
        using var host = RouteSocket.Open();
        foreach (var link in firewall.Links)
        {
            changes.AddElements(FirewallTables.Routed, FirewallTables.NatSources, [NftKey.Of(link.Name)], _comment);
            changes.AddElements(FirewallTables.Routed, FirewallTables.NatInside, [NftKey.Of(link.Name)], _comment);
            if (link.RoutedBy == link.Name)
                continue;
            changes.AddElements(FirewallTables.Routed, FirewallTables.NatSources, [NftKey.Of(link.RoutedBy)], "bridge");
            if (LeadsToContainersOnly(host, link.RoutedBy))
                changes.AddElements(FirewallTables.Routed, FirewallTables.NatInside, [NftKey.Of(link.RoutedBy)], "bridge");
        }
    }

    // By a bridge that has an uplink packets leave the host.
    private static bool LeadsToContainersOnly(RouteSocket host, string bridge)
        => host.FindLink(bridge) is not { } found
            || host.Links().All(link => link.MasterIndex != found.Index || link.Alias?.StartsWith("insula CT ", StringComparison.Ordinal) == true);

    /// <summary>Takes everything of a container out of a table.</summary>
    /// <param name="changes">Gets the changes.</param>
    /// <param name="socket">To see what is there.</param>
    /// <param name="table">The table, which is there.</param>
    /// <param name="ctid">The container.</param>
    /// <param name="kept">Counters that stay.</param>
    public static void RemoveFrom(NftTransaction changes, NftSocket socket, NftTable table, Ctid ctid, IReadOnlyCollection<string> kept)
    {
        var comment = FirewallTables.CommentOf(ctid);
        foreach (var set in FirewallTables.OwnedSets.Append(FirewallTables.NatInside))
            changes.DeleteElements(table, set, [.. socket.Elements(table, set).Where(element => element.Comment == comment).Select(element => element.Key)]);
        foreach (var direction in Enum.GetValues<AclDirection>())
            DeleteChain(changes, socket, table, FirewallTables.Chain(ctid, direction));
        foreach (var direction in Enum.GetValues<AclDirection>())
            DeleteChain(changes, socket, table, FirewallTables.TrackChain(ctid, direction));
        foreach (var family in s_families)
        {
            if (socket.HasSet(table, FirewallTables.Flows(ctid, family).Name) && kept.Count == 0)
                changes.DeleteSet(table, FirewallTables.Flows(ctid, family));
        }
        foreach (var counter in socket.Counters(table))
        {
            if (counter.Name.StartsWith(FirewallTables.CounterPrefix(ctid), StringComparison.Ordinal) && !kept.Contains(counter.Name))
                changes.DeleteCounter(table, counter.Name);
        }
        if (kept.Count == 0 && socket.HasLimit(table, FirewallTables.LogLimit(ctid)))
            changes.DeleteLimit(table, FirewallTables.LogLimit(ctid));
    }

    private static void DeleteChain(NftTransaction changes, NftSocket socket, NftTable table, string chain)
    {
        if (socket.HasChain(table, chain))
            changes.DeleteChain(table, chain);
    }

    /// <summary>The counters that the container has in a table.</summary>
    public IReadOnlyCollection<string> Counters(NftTable table, bool follows)
        => firewall.HasAcl && Needs(table) ? [.. new AclRules(firewall, table, follows).Counters()] : [];
}
