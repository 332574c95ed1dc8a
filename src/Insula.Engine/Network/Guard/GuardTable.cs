using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Packets;

namespace Insula.Engine.Network.Guard;

/// <summary>
/// What the table <c>netdev insula</c> is made of besides the containers: sets, maps and the chains that every link's own chain jumps to. Links are keys
/// of the sets, so that the rules are the same few for one container and for thousands. [docs/network.md] has it as nft(8) shows it.
/// </summary>
internal static class GuardTable
{
    /// <summary>The table.</summary>
    public static readonly NftTable Table = new(NftFamily.Netdev, "insula");

    /// <summary>What earlier versions had in its place.</summary>
    public static readonly NftTable Former = new(NftFamily.Inet, "insula_venet");

    /// <summary>LINK . MAC: who may send.</summary>
    public static readonly NftSet Macs = new("macs", NftType.LinkName, NftType.MacAddress);

    /// <summary>LINK . ADDRESS: what it may send from.</summary>
    public static readonly NftSet Sources4 = new("sources4", NftType.LinkName, NftType.Address4);

    /// <inheritdoc cref="Sources4"/>
    public static readonly NftSet Sources6 = new("sources6", NftType.LinkName, NftType.Address6);

    /// <summary>Bridged links whose addresses are known, so that no other is let through.</summary>
    public static readonly NftSet Bound4 = new("bound4", NftType.LinkName);

    /// <inheritdoc cref="Bound4"/>
    public static readonly NftSet Bound6 = new("bound6", NftType.LinkName);

    /// <summary>LINK to the segment it is part of. No rule asks for it: it is how a later command knows.</summary>
    public static readonly NftSet Segments = new("segments", NftType.LinkName) { MapsToMark = true };

    /// <summary>EtherTypes that a guarded link may send.</summary>
    public static readonly NftSet EtherTypes = new("ethertypes", NftType.EtherType);

    /// <summary>Every reason.</summary>
    public static readonly IReadOnlyList<GuardReason> Reasons = Enum.GetValues<GuardReason>();

    /// <summary>LINK to the container's counter, for each reason.</summary>
    public static readonly IReadOnlyDictionary<GuardReason, NftSet> Drops
        = Reasons.ToDictionary(reason => reason, reason => new NftSet($"drops-{NameOf(reason)}", NftType.LinkName) { MapsToCounter = true });

    /// <summary>The sets whose keys begin with a link.</summary>
    public static readonly IReadOnlyList<NftSet> LinkSets = [Macs, Sources4, Sources6, Bound4, Bound6, Segments, .. Drops.Values];

    /// <summary>The segment of what the host routes.</summary>
    public const uint Routing = 0;

    /// <summary>Chain of routed links.</summary>
    public const string Routed = "routed";

    /// <summary>Chain that looks at hardware addresses.</summary>
    public const string Hardware = "hardware";

    /// <summary>Chain that looks at addresses of bridged links.</summary>
    public const string Addresses = "addresses";

    /// <summary>Before other chains that see what comes in by a link.</summary>
    public const int Priority = -500;

    /// <summary>What belongs to somebody in a segment, and may be used by no link but its own.</summary>
    public static NftSet Owned(uint segment, IpFamily family)
        => family == IpFamily.IPv4 ? new NftSet($"owned4-{segment}", NftType.Address4) : new NftSet($"owned6-{segment}", NftType.Address6);

    /// <summary>The chain that looks for such addresses.</summary>
    public static string SegmentChain(uint segment) => $"segment-{segment}";

    /// <summary>The chain that counts for a reason and drops.</summary>
    public static string DropChain(GuardReason reason) => $"drop-{NameOf(reason)}";

    /// <summary>A container's counter: <c>ct101-source</c>.</summary>
    public static string CounterName(Containers.Ctid ctid, GuardReason reason) => $"ct{ctid}-{NameOf(reason)}";

    /// <summary>Whose counter of which reason that is.</summary>
    public static bool TryParseCounter(string name, out Containers.Ctid ctid, out GuardReason reason)
    {
        (ctid, reason) = (default, default);
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (!name.StartsWith("ct", StringComparison.Ordinal) || dash < 0 || !Containers.Ctid.TryParse(name.AsSpan(2, dash - 2), out ctid))
            return false;
        foreach (var known in Reasons)
        {
            if (name.AsSpan(dash + 1).SequenceEqual(NameOf(known)))
            {
                reason = known;
                return true;
            }
        }
        return false;
    }

    /// <summary>The reason in counters, tables and JSON.</summary>
    public static string NameOf(GuardReason reason) => reason switch
    {
        GuardReason.Source => "source",
        GuardReason.Mac => "mac",
        GuardReason.Arp => "arp",
        GuardReason.Neighbour => "neighbour",
        GuardReason.Router => "router",
        GuardReason.Dhcp => "dhcp",
        _ => "protocol",
    };

    /// <summary>Makes all of it, in an empty table.</summary>
    public static void AddTo(NftTransaction changes)
    {
        changes.AddTable(Table, mustBeNew: true);
        foreach (var set in (NftSet[])[.. LinkSets, EtherTypes])
            changes.AddSet(Table, set);
        changes.AddElements(Table, EtherTypes, [NftKey.OfEtherType(EtherType.IPv4), NftKey.OfEtherType(EtherType.IPv6), NftKey.OfEtherType(EtherType.Arp)]);
        var chains = GuardRules.All();
        foreach (var (chain, _) in chains)
            changes.AddChain(Table, chain);
        foreach (var (chain, rules) in chains)
        {
            foreach (var rule in rules)
                changes.AddRule(Table, chain, rule);
        }
        AddSegment(changes, Routing);
    }

    /// <summary>Makes the sets and the chain of a segment, which must be new.</summary>
    public static void AddSegment(NftTransaction changes, uint segment)
    {
        changes.AddSet(Table, Owned(segment, IpFamily.IPv4));
        changes.AddSet(Table, Owned(segment, IpFamily.IPv6));
        changes.AddChain(Table, SegmentChain(segment), mustBeNew: true);
        foreach (var rule in GuardRules.OfSegment(segment))
            changes.AddRule(Table, SegmentChain(segment), rule);
    }

    /// <summary>Takes away what <see cref="AddSegment"/> made; no link may jump there any more.</summary>
    public static void DeleteSegment(NftTransaction changes, uint segment)
    {
        changes.DeleteChain(Table, SegmentChain(segment));
        changes.DeleteSet(Table, Owned(segment, IpFamily.IPv4));
        changes.DeleteSet(Table, Owned(segment, IpFamily.IPv6));
    }

    /// <summary>True if none of the common rules is missing. What else was tampered with is not looked for.</summary>
    /// <param name="rules">How many rules each chain has.</param>
    public static bool IsWhole(IReadOnlyDictionary<string, int> rules)
        => GuardRules.All().All(chain => rules.GetValueOrDefault(chain.Name) == chain.Rules.Count);
}
