using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Network.Firewall;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Network.Firewall;

public class FirewallRuleTests
{
    private static ContainerFirewall Firewall(string rules, string policy = "") => new(new Ctid(101))
    {
        Rules = new AclRulesKind().Parse("ACL", rules, ParseContext.Default),
        Policy = new AclPolicyKind().Parse("ACL_POLICY", policy, ParseContext.Default),
        Links = [new("venet101", null, IsRouted: true), new("veth101.0", "br0", IsRouted: false)],
        Addresses = [IpAddress.Parse("10.0.0.5"), IpAddress.Parse("2001:db8::5")],
    };

    private static Dictionary<string, string[]> Chains(ContainerFirewall firewall, bool bridge = false, bool follows = true)
        => new AclRules(firewall, bridge ? FirewallTables.Bridged : FirewallTables.Routed, follows).Chains()
            .ToDictionary(chain => chain.Chain, chain => chain.Rules.Select(rule => rule.ToString()).ToArray());

    [Fact]
    public void What_nothing_can_deny_has_rules_that_count_only()
    {
        var chains = Chains(Firewall("in allow tcp port=22"));
        Assert.Equal(["meta cmp payload lookup objref immediate"], chains["to-101"]);
        Assert.Empty(chains["from-101"]);
        Assert.Equal(2, Chains(Firewall("in allow tcp port=22"), follows: false).Count);
    }

    [Fact]
    public void A_denying_policy_lets_answers_and_neighbour_discovery_through_first_and_drops_last()
    {
        var rules = Chains(Firewall("in allow tcp port=22 log", "in=deny,log=yes"))["to-101"];
        Assert.Equal(
        [
            "meta cmp meta cmp payload lookup immediate", // neighbour discovery
            "ct bitwise cmp immediate", // established, related
            "meta cmp payload lookup objref log",
            "meta cmp payload lookup objref immediate",
            "objref log",
            "objref immediate",
        ], rules);
        Assert.Equal("meta cmp immediate", Chains(Firewall("", "in=deny"), bridge: true)["to-101"][0]); // ARP
        var withDhcp = Firewall("", "in=deny") with { Dhcp4 = true, Dhcp6 = true };
        Assert.Equal(2, Chains(withDhcp)["to-101"].Length - Chains(Firewall("", "in=deny"))["to-101"].Length);
    }

    [Theory]
    [InlineData("in deny any", 1)]
    [InlineData("in deny icmp", 1)]
    [InlineData("in deny any from=10.0.0.0/8,192.0.2.1", 1)]
    [InlineData("in deny any from=10.0.0.0/8,2001:db8::1", 2)]
    [InlineData("in deny any from=@office", 2)]
    [InlineData("in deny any from=@office,10.0.0.0/8", 3)]
    [InlineData("in deny any from=@office,10.0.0.0/8 to=@own", 3)]
    [InlineData("in deny icmp from=@office", 1)]
    [InlineData("in deny any from=10.0.0.0/8 to=@own", 1)]
    public void A_rule_is_one_for_each_protocol_and_set(string text, int expected)
    {
        var without = Chains(Firewall("out deny any", "in=deny"))["to-101"].Length;
        Assert.Equal(without + expected, Chains(Firewall($"{text}; out deny any", "in=deny"))["to-101"].Length);
    }

    [Fact]
    public void Where_the_kernel_follows_no_connections_flows_are_remembered_the_other_way()
    {
        var firewall = Firewall("in allow tcp port=22", "in=deny");
        var chains = Chains(firewall, bridge: true, follows: false);
        Assert.Equal(["track-from-101", "to-101", "from-101"], chains.Keys);
        // What comes out is remembered, and what comes in looked up.
        Assert.Equal(["immediate"], chains["from-101"]);
        Assert.All(chains["track-from-101"], rule => Assert.EndsWith("dynset immediate", rule, StringComparison.Ordinal));
        Assert.Contains(chains["to-101"], rule => rule.EndsWith("lookup dynset immediate", StringComparison.Ordinal));
        Assert.True(new AclRules(firewall, FirewallTables.Bridged, follows: false).HasFlows);
        Assert.False(new AclRules(firewall, FirewallTables.Bridged, follows: true).HasFlows);
    }

    [Fact]
    public void A_rules_counter_is_the_same_wherever_it_stands()
    {
        var one = Firewall("in allow tcp port=22; out deny any").Rules;
        var other = Firewall("out deny any; in allow tcp port=80; in allow tcp port=22").Rules;
        Assert.Equal(FirewallTables.CounterName(new Ctid(101), one[0]), FirewallTables.CounterName(new Ctid(101), other[2]));
        Assert.NotEqual(FirewallTables.CounterName(new Ctid(101), other[1]), FirewallTables.CounterName(new Ctid(101), other[2]));
        Assert.StartsWith("ct101-", FirewallTables.CounterName(new Ctid(101), one[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Forwards_become_elements_for_each_port_and_protocol()
    {
        var firewall = Firewall("") with { Forwards = new PortForwardsKind().Parse("FORWARD", "tcp 8080-8081 80-81; udp 53 address=192.0.2.1", ParseContext.Default) };
        using var host = new TestHost();
        var maps = new FirewallEntries(firewall, AddressSets.Load(host.Store.Layout), []).Forwards()
            .ToDictionary(map => map.Map.Name, map => map.Entries.Select(entry => $"{Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)}").ToArray());
        Assert.Equal(["060000001F900000 0A00000500500000", "060000001F910000 0A00000500510000"], maps["forwards4"]);
        Assert.Equal(2, maps["forwards6"].Length);
        Assert.Equal(["C0000201110000000035" + "0000 0A00000500350000"], maps["forwards4-at"]);
        Assert.Empty(maps["forwards6-at"]);
    }

    [Fact]
    public void Devices_that_the_host_does_not_see_are_known()
    {
        using var host = new TestHost();
        var ctid = host.Configure(101, "NETDEV=\"eth5\"\nNETIF=\"ifname=eth0,host_ifname=veth101.0;ifname=eth1,type=macvlan,link=eth9,mac_filter=off\"\n");
        var firewall = ContainerFirewall.Of(new ContainerContext(new EngineContext(host.Store.Global, new SilentReporter()), host.Store.Load(ctid)));
        Assert.Equal(["eth1", "eth5"], firewall.Unseen);
        Assert.Equal(["venet101", "veth101.0"], firewall.Links.Select(link => link.Name));
    }

    private sealed class SilentReporter : IReporter
    {
        public void Info(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Error(string message)
        {
        }

        public void Progress(string what, long done, long total)
        {
        }
    }

    [Fact]
    public void Address_sets_are_kept_in_their_file()
    {
        using var host = new TestHost();
        var sets = AddressSets.Load(host.Store.Layout);
        sets.Set("office", AddressSets.Parse(["192.0.2.0/24", "2001:db8::/32", "192.0.2.0/24"]));
        sets.Save();
        var again = AddressSets.Load(host.Store.Layout);
        Assert.Equal(["office"], again.Names);
        Assert.Equal("192.0.2.0/24 2001:db8::/32", string.Join(' ', again.Require("office")));
        Expect.Error(ExitCode.BadValue, () => again.Require("home"));
        Expect.Error(ExitCode.BadValue, () => AddressSets.RequireName("no way"));
        Expect.Error(ExitCode.BadValue, () => AddressSets.Parse(["192.0.2.1/24"]));
        again.Set("office", null);
        Assert.Empty(again.Names);
    }
}
