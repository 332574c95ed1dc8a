using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>The rules that change addresses.</summary>
internal static class NatRules
{
    /// <summary>Each chain with its rules.</summary>
    public static IReadOnlyList<(string Chain, IReadOnlyList<NftRule> Rules)> All(IReadOnlyList<NatRule> nat) =>
    [
        (FirewallTables.Forwards, Forwards()),
        ("nat-prerouting", [new NftRule().Jump(FirewallTables.Forwards)]),
        ("nat-output", [NotLoopback4(), NotLoopback6(), new NftRule().Jump(FirewallTables.Forwards)]),
        ("nat-postrouting", [Hairpin(), .. nat.Select(Translation)]),
    ];

    // An address of its own counts before any address.
    private static List<NftRule> Forwards() =>
    [
        At(IpFamily.IPv4, FirewallTables.ForwardsAt4),
        At(IpFamily.IPv6, FirewallTables.ForwardsAt6),
        Anywhere(IpFamily.IPv4, FirewallTables.Forwards4),
        Anywhere(IpFamily.IPv6, FirewallTables.Forwards6),
    ];

    private static NftRule At(IpFamily family, NftSet map)
    {
        var after = family == IpFamily.IPv4 ? 1 : 4;
        var rule = PacketRules.Of(family).Load(PacketRules.Destination(family), 0)
            .Load(NftMeta.TransportProtocol, after).Load(NftPayload.DestinationPort, after + 1);
        return Redirect(rule, family, map);
    }

    private static NftRule Anywhere(IpFamily family, NftSet map)
    {
        var rule = PacketRules.Of(family).IfLocal(PacketRules.TestRegister).Load(NftMeta.TransportProtocol, 0).Load(NftPayload.DestinationPort, 1);
        return Redirect(rule, family, map);
    }

    private static NftRule Redirect(NftRule rule, IpFamily family, NftSet map)
        => rule.Load(map, 0, 8).Redirect(family, 8, family == IpFamily.IPv4 ? 9 : 12);

    // What goes to the host's loopback address comes from there and could not be answered by a container.
    private static NftRule NotLoopback4()
        => PacketRules.Of(IpFamily.IPv4).Load(NftPayload.Destination4, 0).Mask(0, [255, 0, 0, 0]).IfEqual(0, [127, 0, 0, 0]).Return();

    private static NftRule NotLoopback6()
        => PacketRules.Of(IpFamily.IPv6).Load(NftPayload.Destination6, 0).IfEqual(0, [.. new byte[15], 1]).Return();

    // A container that reaches itself, or another one on its bridge, by a port of the host: the answer must come by the host as well.
    private static NftRule Hairpin()
        => new NftRule().IfAny(NftConntrack.Status, NftConnectionBits.Redirected, PacketRules.TestRegister)
            .Load(NftMeta.InputName, 0).Load(NftMeta.OutputName, 4).IfIn(FirewallTables.Hairpins, 0).Masquerade();

    private static NftRule Translation(NatRule nat)
    {
        var family = nat.Network.Family;
        var networks = family == IpFamily.IPv4 ? FirewallTables.NatNetworks4 : FirewallTables.NatNetworks6;
        var rule = PacketRules.Of(family)
            .Load(NftMeta.InputName, 0).IfIn(FirewallTables.NatSources, 0)
            .Load(PacketRules.Source(family), 0).IfIn(new NftRangeSet(TypeOf(family), NetworkPrefix.Ranges([nat.Network], family)), 0)
            .Load(PacketRules.Destination(family), 0).IfNotIn(networks, 0)
            .Load(NftMeta.OutputName, 0);
        rule = nat.Uplink is { } uplink ? rule.IfEqual(0, NftKey.Of(uplink)) : rule.IfNotIn(FirewallTables.NatInside, 0);
        return nat.To is { } address ? rule.Load(NftKey.Of(address), 0).ComeFrom(family, 0) : rule.Masquerade();
    }

    /// <summary>The type of an address.</summary>
    public static NftType TypeOf(IpFamily family) => family == IpFamily.IPv4 ? NftType.Address4 : NftType.Address6;
}
