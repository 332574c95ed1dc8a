using Insula.Engine.Network.Firewall;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Tests.Network.Firewall;

public class FirewallTextTests
{
    [Theory]
    [InlineData("in allow tcp port=22,80,8000-8100 from=10.0.0.0/8,@office log", null)]
    [InlineData("out deny any", null)]
    [InlineData("in deny icmpv6 from=2001:db8::/32", null)]
    [InlineData("out  allow   47 to=192.0.2.1,2001:db8::1", "out allow 47 to=192.0.2.1,2001:db8::1")]
    [InlineData("in allow 6 port=80", "in allow tcp port=80")]
    [InlineData("out allow udp to=10.0.0.0/8 to=10.0.0.0/8 port=53", "out allow udp port=53 to=10.0.0.0/8")]
    [InlineData("in allow sctp port=36412 to=0.0.0.0/0", null)]
    public void A_rule_is_written_as_it_is_read(string text, string? written)
    {
        Assert.Null(AclRule.TryParse(text, out var rule));
        Assert.Equal(written ?? text, rule.ToString());
        Assert.Null(AclRule.TryParse(rule.ToString(), out var again));
        Assert.Equal(rule.ToString(), again.ToString());
    }

    [Theory]
    [InlineData("in allow", "direction, action and protocol")]
    [InlineData("through allow tcp", "neither in nor out")]
    [InlineData("in reject tcp", "neither allow nor deny")]
    [InlineData("in allow frob", "no protocol")]
    [InlineData("in allow 256", "no protocol")]
    [InlineData("in allow tcp port=0", "not a port")]
    [InlineData("in allow tcp port=65536", "not a port")]
    [InlineData("in allow tcp port=90-80", "not a port")]
    [InlineData("in allow tcp port=022", "not a port")]
    [InlineData("in allow tcp port=", "not a port")]
    [InlineData("in allow icmp port=80", "icmp has no ports")]
    [InlineData("in allow any port=80", "any has no ports")]
    [InlineData("in allow tcp from=10.0.0.1/8", "bits are set behind /8; the network is 10.0.0.0/8")]
    [InlineData("in allow tcp from=10.0.0.0/33", "number up to 32")]
    [InlineData("in allow tcp from=::ffff:10.0.0.1", "IPv4-mapped")]
    [InlineData("in allow tcp from=fe80::1%eth0", "not an IPv4 or IPv6 address")]
    [InlineData("in allow tcp from=@1st", "not the name of a set")]
    [InlineData("in allow tcp from=10.0.0.1 to=2001:db8::1", "IPv4 and IPv6 are mixed")]
    [InlineData("in allow icmp from=2001:db8::1", "IPv4 and IPv6 are mixed")]
    [InlineData("in allow tcp frob=1", "not understood")]
    [InlineData("in allow tcp log=yes", "not understood")]
    [InlineData("in allow tcp at=0", "not understood")]
    public void What_is_wrong_with_a_rule_is_said(string text, string why)
        => Assert.Contains(why, AclRule.TryParse(text, out _), StringComparison.Ordinal);

    [Fact]
    public void Rules_take_their_places_and_leave_them()
    {
        var kind = new AclRulesKind();
        var old = kind.Parse("ACL", "in allow tcp port=1; in allow tcp port=2", ParseContext.Default);
        var merged = kind.Merge(old, kind.Parse("--acl_add", "in allow tcp port=9 at=2", ParseContext.Default));
        Assert.Equal("in allow tcp port=1; in allow tcp port=9; in allow tcp port=2", kind.Format(merged));
        merged = kind.Merge(merged, kind.Parse("--acl_add", "out deny any at=99", ParseContext.Default));
        Assert.Equal("out deny any", merged[^1].ToString());
        var removal = new AclRemovalKind();
        Assert.Equal("in allow tcp port=1; in allow tcp port=2; out deny any", kind.Format(kind.Remove(merged, removal.Parse("--acl_del", "2", ParseContext.Default))));
        Assert.Empty(kind.Remove(merged, removal.Parse("--acl_del", "all", ParseContext.Default)));
        Assert.NotNull(removal.TryParse("0", ParseContext.Default, out _));
        Assert.NotNull(kind.TryParse(string.Join(';', Enumerable.Range(1, 600).Select(port => $"in allow tcp port={port}")), ParseContext.Default, out _));
    }

    [Fact]
    public void A_policy_keeps_what_a_change_does_not_say()
    {
        var kind = new AclPolicyKind();
        var policy = kind.Merge(kind.Parse("p", "in=deny", ParseContext.Default), kind.Parse("p", "out=deny,log=yes", ParseContext.Default));
        Assert.Equal("in=deny,out=deny,log=yes", kind.Format(policy));
        Assert.Equal("out=deny", kind.Format(kind.Merge(policy, kind.Parse("p", "in=allow,log=no", ParseContext.Default))));
        Assert.Equal("", kind.Format(kind.Parse("p", "in=allow,out=allow", ParseContext.Default)));
        foreach (var bad in new[] { "in", "in=maybe", "through=deny", "log=on" })
            Assert.NotNull(kind.TryParse(bad, ParseContext.Default, out _));
    }

    [Theory]
    [InlineData("tcp 8080 80", null)]
    [InlineData("udp 53", null)]
    [InlineData("tcp 80 80", "tcp 80")]
    [InlineData("tcp 8000-8010 9000-9010 address=192.0.2.1 to=10.0.0.5", null)]
    [InlineData("tcp 443 address=2001:db8::1", null)]
    public void A_forward_is_written_as_it_is_read(string text, string? written)
    {
        Assert.Null(PortForward.TryParse(text, out var forward));
        Assert.Equal(written ?? text, forward.ToString());
    }

    [Theory]
    [InlineData("tcp", "protocol and port")]
    [InlineData("icmp 1 1", "neither tcp nor udp")]
    [InlineData("tcp 99999", "not a port")]
    [InlineData("tcp 80 http", "not a port")]
    [InlineData("tcp 80-90 80-91", "not equally many")]
    [InlineData("tcp 1-2000", "more than 1024 ports")]
    [InlineData("tcp 80 80 address=127.0.0.1", "no address that can be forwarded")]
    [InlineData("tcp 80 80 address=192.0.2.1 to=2001:db8::1", "different IP protocols")]
    [InlineData("tcp 80 80 via=192.0.2.1", "neither address")]
    public void What_is_wrong_with_a_forward_is_said(string text, string why)
        => Assert.Contains(why, PortForward.TryParse(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("tcp 80", "tcp 80", true)]
    [InlineData("tcp 80", "udp 80", false)]
    [InlineData("tcp 80-90", "tcp 90-99", true)]
    [InlineData("tcp 80-90", "tcp 91-99", false)]
    [InlineData("tcp 80 address=192.0.2.1", "tcp 80", true)]
    [InlineData("tcp 80 address=192.0.2.1", "tcp 80 address=192.0.2.2", false)]
    [InlineData("tcp 80 address=192.0.2.1", "tcp 80 to=2001:db8::1", false)]
    public void Two_forwards_are_about_the_same_port_or_not(string one, string other, bool conflict)
    {
        Assert.Null(PortForward.TryParse(one, out var first));
        Assert.Null(PortForward.TryParse(other, out var second));
        Assert.Equal(conflict, first.Conflicts(second));
        Assert.Equal(conflict, second.Conflicts(first));
        Assert.Equal(conflict, new PortForwardsKind().TryParse($"{one}; {other}", ParseContext.Default, out _) is not null);
    }

    [Fact]
    public void Nat_is_written_as_it_is_read()
    {
        const string text = "net=10.0.0.0/16,uplink=eth0,to=192.0.2.1;net=fd00::/64";
        Assert.Equal(text, string.Join(';', NatRule.ParseList(text)));
        Assert.Empty(NatRule.ParseList(""));
        foreach (var bad in new[] { "10.0.0.0/8", "net=10.0.0.1/8", "net=0.0.0.0/0", "net=10.0.0.0/8,to=2001:db8::1", "uplink=eth0", "net=10.0.0.0/8,uplink=a b", "net=10.0.0.0/8,frob=1" })
            Expect.Error(ExitCode.BadValue, () => NatRule.ParseList(bad));
    }

    [Fact]
    public void Ranges_are_joined_and_end_behind_their_last_value()
    {
        Assert.Null(NetworkPrefix.TryParse("10.0.0.0/8", out var ten));
        Assert.Null(NetworkPrefix.TryParse("11.0.0.0/8", out var eleven));
        Assert.Null(NetworkPrefix.TryParse("10.1.0.0/16", out var inside));
        Assert.Null(NetworkPrefix.TryParse("255.255.255.0/24", out var last));
        Assert.Null(NetworkPrefix.TryParse("2001:db8::/32", out var six));
        Assert.Equal(["0A000000-0C000000", "FFFFFF00-"], Text(NetworkPrefix.Ranges([last, eleven, inside, ten, six], IpFamily.IPv4)));
        Assert.Equal(["20010DB8000000000000000000000000-20010DB9000000000000000000000000"], Text(NetworkPrefix.Ranges([ten, six], IpFamily.IPv6)));
        Assert.Null(NetworkPrefix.TryParse("::/0", out var all));
        Assert.Equal(["00000000000000000000000000000000-"], Text(NetworkPrefix.Ranges([six, all], IpFamily.IPv6)));
        Assert.Equal(["0050-0052", "FFFF-"], Text(PortRange.Ranges([new(65535, 65535), new(81, 81), new(80, 80)])));
        Assert.True(ten.Overlaps(inside) && inside.Overlaps(ten) && !ten.Overlaps(eleven) && all.Overlaps(six) && !all.Overlaps(ten));
    }

    private static IEnumerable<string> Text(IReadOnlyList<NftRange> ranges)
        => ranges.Select(range => $"{Convert.ToHexString(range.First)}-{(range.End is { } end ? Convert.ToHexString(end) : "")}");

    [Theory]
    [InlineData("   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000", false, "0.0.0.0", 22)]
    [InlineData("   1: 0100007F:1F90 00000000:0000 0A 0", false, "127.0.0.1", 8080)]
    [InlineData("   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0", false, "::1", 80)]
    [InlineData("  12: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0", true, "2001:db8::1", 53)]
    [InlineData("   1: 0100007F:1F90 0100007F:ABCD 01 0", false, null, 0)]
    [InlineData("  sl  local_address rem_address   st tx_queue", false, null, 0)]
    public void A_listener_is_found_in_the_kernels_table(string line, bool isUdp, string? address, int port)
    {
        Assert.Equal(address is not null, ForwardConflicts.TryRead(line, isUdp, out var found, out var number));
        if (address is not null)
            Assert.Equal((address, port), (found.ToString(), number));
    }
}
