using CsCheck;

using Insula.Engine.Network;

namespace Insula.Engine.Tests.Network;

public class IpPrefixTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5", 32)]
    [InlineData("10.0.0.5/32", "10.0.0.5", 32)]
    [InlineData("10.0.0.5/24", "10.0.0.5/24", 24)]
    [InlineData("10.0.0.5/255.255.255.0", "10.0.0.5/24", 24)]
    [InlineData("10.0.0.5/255.255.255.255", "10.0.0.5", 32)]
    [InlineData("10.0.0.5/128.0.0.0", "10.0.0.5/1", 1)]
    [InlineData("2001:DB8:0::5", "2001:db8::5", 128)]
    [InlineData("2001:db8::5/64", "2001:db8::5/64", 64)]
    [InlineData("169.254.0.5", "169.254.0.5", 32)]
    public void An_address_may_carry_a_length_or_an_IPv4_mask(string text, string canonical, int length)
    {
        var prefix = IpPrefix.Parse(text);
        Assert.Equal((canonical, length), (prefix.ToString(), prefix.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/24")]
    [InlineData("10.0.0.5/")]
    [InlineData("10.0.0.5/0")]
    [InlineData("10.0.0.5/024")]
    [InlineData("10.0.0.5/33")]
    [InlineData("10.0.0.5/-1")]
    [InlineData("10.0.0.5/+8")]
    [InlineData("10.0.0.5/24 ")]
    [InlineData("10.0.0.5/24/24")]
    [InlineData("10.0.0.5/0.0.0.0")]
    [InlineData("10.0.0.5/255.0.255.0")]
    [InlineData("10.0.0.5/0.0.0.255")]
    [InlineData("10.0.0.5;reboot")]
    [InlineData("10.0.0.5\n")]
    [InlineData("010.0.0.5")]
    [InlineData("2001:db8::5/129")]
    [InlineData("2001:db8::5/255.255.255.0")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2001:db8::5%eth0")]
    [InlineData("::ffff:10.0.0.5")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    public void What_no_container_can_have_is_refused_with_code_71(string text)
    {
        var error = Assert.Throws<InsulaException>(() => IpPrefix.Parse(text));
        Assert.Equal(ExitCode.BadAddress, error.Code);
        Assert.False(IpPrefix.TryParse(text, out _));
    }

    [Fact]
    public void The_canonical_form_means_the_same_address()
        => Gen.Select(Gen.UInt[1u << 24, (223u << 24) - 1], Gen.Int[1, 32]).Sample((bits, length) =>
        {
            var text = $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}/{length}";
            // 127.0.0.0/8 is the only hole in that range.
            return bits >> 24 == 127
                ? !IpPrefix.TryParse(text, out _)
                : IpPrefix.TryParse(text, out var prefix) && prefix.Length == length && IpPrefix.Parse(prefix.ToString()) == prefix;
        });

    [Fact]
    public void A_list_leaves_out_what_means_none_and_what_comes_twice()
    {
        Assert.Empty(IpPrefix.ParseList("0.0.0.0"));
        Assert.Empty(IpPrefix.ParseList("  "));
        Assert.Equal(["10.0.0.5/24", "2001:db8::1"], IpPrefix.ParseList("10.0.0.5/24  2001:db8::1 10.0.0.5 2001:db8:0::1/64").Select(p => p.ToString()));
        Assert.Throws<InsulaException>(() => IpPrefix.ParseList("10.0.0.5 rubbish"));
    }
}
