using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>
/// The names in the tables <c>inet insula</c>, which sees what the host routes, and <c>bridge insula</c>, which sees what passes the ports of bridges. The
/// chains of a container are found by the name of its link in a map, so that a packet passes no rule of another one. [docs/network.md] shows them.
/// </summary>
internal static class FirewallTables
{
    /// <summary>For links that are attached to no bridge, forwards and NAT.</summary>
    public static readonly NftTable Routed = new(NftFamily.Inet, "insula");

    /// <summary>For links that are.</summary>
    public static readonly NftTable Bridged = new(NftFamily.Bridge, "insula");

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<NftTable> All = [Routed, Bridged];

    /// <summary>LINK to the chain of its container for what goes to it.</summary>
    public static readonly NftSet ToLinks = new("to-links", NftType.LinkName) { MapsToVerdict = true };

    /// <summary>LINK to the chain of its container for what comes from it.</summary>
    public static readonly NftSet FromLinks = new("from-links", NftType.LinkName) { MapsToVerdict = true };

    /// <summary>PROTOCOL . PORT of any of the host's addresses to ADDRESS . PORT.</summary>
    public static readonly NftSet Forwards4 = new("forwards4", NftType.TransportProtocol, NftType.Port) { Data = [NftType.Address4, NftType.Port] };

    /// <inheritdoc cref="Forwards4"/>
    public static readonly NftSet Forwards6 = new("forwards6", NftType.TransportProtocol, NftType.Port) { Data = [NftType.Address6, NftType.Port] };

    /// <summary>ADDRESS . PROTOCOL . PORT to ADDRESS . PORT.</summary>
    public static readonly NftSet ForwardsAt4
        = new("forwards4-at", NftType.Address4, NftType.TransportProtocol, NftType.Port) { Data = [NftType.Address4, NftType.Port] };

    /// <inheritdoc cref="ForwardsAt4"/>
    public static readonly NftSet ForwardsAt6
        = new("forwards6-at", NftType.Address6, NftType.TransportProtocol, NftType.Port) { Data = [NftType.Address6, NftType.Port] };

    /// <summary>LINK . LINK: between whom an answer would not come back by the host.</summary>
    public static readonly NftSet Hairpins = new("hairpins", NftType.LinkName, NftType.LinkName);

    /// <summary>Links by which packets of containers arrive.</summary>
    public static readonly NftSet NatSources = new("nat-sources", NftType.LinkName);

    /// <summary>Links that lead to containers only.</summary>
    public static readonly NftSet NatInside = new("nat-inside", NftType.LinkName);

    /// <summary>Networks of NAT, between which addresses stay.</summary>
    public static readonly NftSet NatNetworks4 = new("nat-networks4", NftType.Address4) { HasRanges = true };

    /// <inheritdoc cref="NatNetworks4"/>
    public static readonly NftSet NatNetworks6 = new("nat-networks6", NftType.Address6) { HasRanges = true };

    /// <summary>The maps of forwards.</summary>
    public static readonly IReadOnlyList<NftSet> ForwardMaps = [Forwards4, Forwards6, ForwardsAt4, ForwardsAt6];

    /// <summary>The sets that only forwards and NAT need.</summary>
    public static readonly IReadOnlyList<NftSet> NatSets = [.. ForwardMaps, Hairpins, NatSources, NatInside, NatNetworks4, NatNetworks6];

    /// <summary>What has an element for a container, with its number as the comment.</summary>
    public static readonly IReadOnlyList<NftSet> OwnedSets = [ToLinks, FromLinks, .. ForwardMaps, NatSources];

    /// <summary>The chain that looks up forwards; it is there if and only if all of NAT is.</summary>
    public const string Forwards = "forwards";

    // After addresses have been changed (-100), so that rules see the container's; before other programs' filters (0).
    private const int FilterPriority = -10;
    private const int DestinationPriority = -100;
    private const int SourcePriority = 100;

    /// <summary>The chain of a container.</summary>
    public static string Chain(Ctid ctid, AclDirection direction) => direction == AclDirection.In ? $"to-{ctid}" : $"from-{ctid}";

    /// <summary>The chain that remembers what a container was allowed, where connections cannot be followed by the kernel.</summary>
    public static string TrackChain(Ctid ctid, AclDirection direction) => $"track-{Chain(ctid, direction)}";

    /// <summary>What it remembers.</summary>
    public static NftSet Flows(Ctid ctid, IpFamily family)
    {
        var address = family == IpFamily.IPv4 ? NftType.Address4 : NftType.Address6;
        return new NftSet($"flows{(family == IpFamily.IPv4 ? 4 : 6)}-{ctid}", address, address, NftType.TransportProtocol, NftType.Port, NftType.Port)
        {
            Timeout = FlowRules.Ordinary,
            MaximumSize = FlowRules.MostFlows,
        };
    }

    /// <summary>A named set of networks.</summary>
    public static NftSet Named(string name, IpFamily family)
        => family == IpFamily.IPv4 ? new NftSet($"set4-{name}", NftType.Address4) { HasRanges = true } : new NftSet($"set6-{name}", NftType.Address6) { HasRanges = true };

    /// <summary>What elements of a container say.</summary>
    public static string CommentOf(Ctid ctid) => $"CT {ctid}";

    /// <summary>The beginning of its counters' names.</summary>
    public static string CounterPrefix(Ctid ctid) => $"ct{ctid}-";

    /// <summary>The counter of a rule: the same as long as the rule is, wherever it stands.</summary>
    public static string CounterName(Ctid ctid, AclRule rule)
    {
        var hash = 14695981039346656037ul; // FNV-1a
        foreach (var letter in rule.ToString())
            hash = (hash ^ letter) * 1099511628211ul;
        return $"{CounterPrefix(ctid)}{hash:x16}";
    }

    /// <summary>The counter of what a policy has dropped.</summary>
    public static string CounterName(Ctid ctid, AclDirection direction) => $"{CounterPrefix(ctid)}policy-{(direction == AclDirection.In ? "in" : "out")}";

    /// <summary>The counter of what was beyond its bound of connections.</summary>
    public static string ConnectionCounter(Ctid ctid) => $"{CounterPrefix(ctid)}connections";

    /// <summary>The limit of what it has logged.</summary>
    public static string LogLimit(Ctid ctid) => $"{CounterPrefix(ctid)}log";

    /// <summary>Makes a table with what is in it once.</summary>
    public static void AddTo(NftTransaction changes, NftTable table)
    {
        changes.AddTable(table, mustBeNew: true);
        changes.AddSet(table, ToLinks);
        changes.AddSet(table, FromLinks);
        changes.AddHookChain(table, "prerouting", "filter", NftHook.Prerouting, FilterPriority);
        changes.AddHookChain(table, "postrouting", "filter", NftHook.Postrouting, FilterPriority);
        foreach (var (chain, rules) in Rules())
            changes.AddRule(table, chain, rules[0]);
    }

    /// <summary>The rules that <see cref="AddTo"/> makes.</summary>
    public static IReadOnlyList<(string Chain, IReadOnlyList<NftRule> Rules)> Rules() =>
    [
        ("prerouting", [new NftRule().Load(NftMeta.InputName, 0).Dispatch(FromLinks, 0)]),
        ("postrouting", [new NftRule().Load(NftMeta.OutputName, 0).Dispatch(ToLinks, 0)]),
    ];

    /// <summary>Makes what forwards and NAT need.</summary>
    public static void AddNat(NftTransaction changes, IReadOnlyList<NatRule> nat)
    {
        foreach (var set in NatSets)
            changes.AddSet(Routed, set);
        var networks = nat.Select(rule => rule.Network).ToList();
        changes.AddRanges(Routed, NatNetworks4, NetworkPrefix.Ranges(networks, IpFamily.IPv4));
        changes.AddRanges(Routed, NatNetworks6, NetworkPrefix.Ranges(networks, IpFamily.IPv6));
        changes.AddChain(Routed, Forwards);
        changes.AddHookChain(Routed, "nat-prerouting", "nat", NftHook.Prerouting, DestinationPriority);
        changes.AddHookChain(Routed, "nat-output", "nat", NftHook.Output, DestinationPriority);
        changes.AddHookChain(Routed, "nat-postrouting", "nat", NftHook.Postrouting, SourcePriority);
        foreach (var (chain, rules) in NatRules.All(nat))
        {
            foreach (var rule in rules)
                changes.AddRule(Routed, chain, rule);
        }
    }
}
