using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Packets;

namespace Insula.Engine.Network.Firewall;

/// <summary>The chains of one container in one table.</summary>
/// <param name="firewall">What the container is to have.</param>
/// <param name="table">The table.</param>
/// <param name="follows">True if the kernel follows connections there.</param>
internal sealed class AclRules(ContainerFirewall firewall, NftTable table, bool follows)
{
    /// <summary>Lines that a container may log in a minute.</summary>
    public const ulong LogsPerMinute = 60;

    /// <summary>Lines at once.</summary>
    public const uint LogBurst = 20;

    private static readonly AclDirection[] s_directions = [AclDirection.In, AclDirection.Out];

    /// <summary>The chains with their rules; a chain refers to none that comes later.</summary>
    public IReadOnlyList<(string Chain, IReadOnlyList<NftRule> Rules)> Chains()
    {
        var chains = new List<(string, IReadOnlyList<NftRule>)>();
        foreach (var direction in s_directions.Where(RemembersFlows))
            chains.Add((FirewallTables.TrackChain(firewall.Ctid, direction), [.. FlowRules.Track(firewall.Ctid, direction)]));
        foreach (var direction in s_directions)
            chains.Add((FirewallTables.Chain(firewall.Ctid, direction), [.. Rules(direction)]));
        return chains;
    }

    /// <summary>True if flows are remembered in sets.</summary>
    public bool HasFlows => !follows && (firewall.CanDeny(AclDirection.In) || firewall.CanDeny(AclDirection.Out));

    /// <summary>The counters that the rules count by.</summary>
    public IEnumerable<string> Counters()
        => firewall.Rules.Select(rule => FirewallTables.CounterName(firewall.Ctid, rule))
            .Concat(s_directions.Select(direction => FirewallTables.CounterName(firewall.Ctid, direction)))
            .Append(FirewallTables.ConnectionCounter(firewall.Ctid)).Distinct();

    // Only for the sake of answers that could be dropped.
    private bool RemembersFlows(AclDirection direction)
        => !follows && firewall.CanDeny(direction == AclDirection.In ? AclDirection.Out : AclDirection.In);

    private IEnumerable<NftRule> Rules(AclDirection direction)
    {
        if (firewall.CanDeny(direction))
        {
            foreach (var rule in Essentials(direction).Concat(Established(direction)))
                yield return rule;
        }
        if (firewall.Connections > 0 && follows)
        {
            yield return new NftRule().IfAny(NftConntrack.State, NftConnectionBits.New, PacketRules.TestRegister).IfConnectionsOver(firewall.Connections)
                .Count(FirewallTables.ConnectionCounter(firewall.Ctid)).Drop();
        }
        for (var i = 0; i < firewall.Rules.Count; i++)
        {
            if (firewall.Rules[i].Direction != direction)
                continue;
            foreach (var rule in Expand(firewall.Rules[i], i + 1))
                yield return rule;
        }
        if (firewall.Policy.Allows(direction))
        {
            if (RemembersFlows(direction))
                yield return Allow(new NftRule(), direction);
            yield break;
        }
        if (firewall.Policy.LogsDenied == true)
            yield return new NftRule().IfWithin(FirewallTables.LogLimit(firewall.Ctid)).Log($"insula CT {firewall.Ctid} {NameOf(direction)} deny: ");
        yield return new NftRule().Count(FirewallTables.CounterName(firewall.Ctid, direction)).Drop();
    }

    // Without these there is no IP on a link: who has an address, which routers there are, who listens to a group; and what --dhcp asks for.
    private IEnumerable<NftRule> Essentials(AclDirection direction)
    {
        if (table == FirewallTables.Bridged)
            yield return PacketRules.Of(EtherType.Arp).Return();
        yield return PacketRules.OfIcmp(IpFamily.IPv6, (130, 136), (143, 143)).Return();
        var isIn = direction == AclDirection.In;
        if (firewall.Dhcp4)
            yield return PacketRules.OfUdp(IpFamily.IPv4, isIn ? (ushort)67 : (ushort)68, isIn ? (ushort)68 : (ushort)67).Return();
        if (firewall.Dhcp6)
            yield return PacketRules.OfUdp(IpFamily.IPv6, isIn ? (ushort)547 : (ushort)546, isIn ? (ushort)546 : (ushort)547).Return();
    }

    private IEnumerable<NftRule> Established(AclDirection direction)
        => follows
            ? [new NftRule().IfAny(NftConntrack.State, NftConnectionBits.Established | NftConnectionBits.Related, PacketRules.TestRegister).Return()]
            : FlowRules.Established(firewall.Ctid, direction);

    private IEnumerable<NftRule> Expand(AclRule rule, int number)
    {
        foreach (var match in Matches(rule))
        {
            if (rule.Logs)
                yield return match().IfWithin(FirewallTables.LogLimit(firewall.Ctid)).Log($"insula CT {firewall.Ctid} {rule.DirectionName} {number} {rule.ActionName}: ");
            var counted = match().Count(FirewallTables.CounterName(firewall.Ctid, rule));
            yield return rule.Allows ? Allow(counted, rule.Direction) : counted.Drop();
        }
    }

    private NftRule Allow(NftRule rule, AclDirection direction)
        => RemembersFlows(direction) ? rule.Goto(FirewallTables.TrackChain(firewall.Ctid, direction)) : rule.Return();

    // One for each IP protocol and set of addresses that the rule names.
    private static IEnumerable<Func<NftRule>> Matches(AclRule rule)
    {
        if (rule.From.Count + rule.To.Count == 0)
        {
            yield return () => Ports(rule.Protocol.Family is { } only ? PacketRules.Of(only) : new NftRule(), rule);
            yield break;
        }
        foreach (var family in (IpFamily[])[IpFamily.IPv4, IpFamily.IPv6])
        {
            if (!rule.IsAbout(family))
                continue;
            foreach (var from in Places(rule.From, family))
            {
                foreach (var to in Places(rule.To, family))
                    yield return () => to(from(Ports(PacketRules.Of(family), rule), PacketRules.Source(family)), PacketRules.Destination(family));
            }
        }
    }

    private static NftRule Ports(NftRule match, AclRule rule)
    {
        if (rule.Protocol.Number is { } number)
            match = match.OverIp(number);
        return rule.Ports.Count == 0
            ? match
            : match.Load(NftPayload.DestinationPort, PacketRules.TestRegister).IfIn(new NftRangeSet(NftType.Port, PortRange.Ranges(rule.Ports)), PacketRules.TestRegister);
    }

    private static IEnumerable<Func<NftRule, NftPayload, NftRule>> Places(IReadOnlyList<AclAddress> addresses, IpFamily family)
    {
        if (addresses.Count == 0)
            yield return (rule, _) => rule;
        var networks = NetworkPrefix.Ranges(addresses.Where(address => address.Network is not null).Select(address => address.Network!.Value), family);
        if (networks.Count > 0)
            yield return (rule, place) => rule.Load(place, 0).IfIn(new NftRangeSet(NatRules.TypeOf(family), networks), 0);
        foreach (var name in addresses.Where(address => address.Network is null).Select(address => address.Set))
            yield return (rule, place) => rule.Load(place, 0).IfIn(FirewallTables.Named(name, family), 0);
    }

    private static string NameOf(AclDirection direction) => direction == AclDirection.In ? "in" : "out";
}
