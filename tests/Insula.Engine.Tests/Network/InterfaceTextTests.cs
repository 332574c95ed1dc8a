using Insula.Engine.Containers;
using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.Tests.Network;

public class InterfaceTextTests
{
    [Theory]
    [InlineData("ifname=eth0,bridge=br0,mac=00:18:51:00:00:01,host_ifname=veth101.0,host_mac=fe:18:51:00:00:01")]
    [InlineData("ifname=eth0,type=macvlan,link=eth1,mode=private,mac=00:18:51:00:00:01,mac_filter=off,ip_filter=off")]
    [InlineData("ifname=eth0,network=Bridged,configure=none")]
    public void What_is_read_is_written_the_same(string text)
    {
        Assert.Null(InterfaceText.TryParse(text, out var value));
        Assert.Equal(text, InterfaceText.Format(value));
    }

    [Theory]
    [InlineData("eth0,,,,br0", "ifname=eth0,bridge=br0")]
    [InlineData("eth0,type=macvlan,link=eth1", "ifname=eth0,type=macvlan,link=eth1")]
    [InlineData("eth0,mac_filter=off,,,,br0,ip_filter=off", "ifname=eth0,bridge=br0,mac_filter=off,ip_filter=off")]
    public void Positions_and_keys_may_be_mixed(string text, string expected)
    {
        Assert.Null(InterfaceText.TryParsePositions(text, out var value));
        Assert.Equal(expected, InterfaceText.Format(value));
    }

    [Theory]
    [InlineData("eth0,typ=macvlan")]
    [InlineData("eth0,type=bridge")]
    [InlineData("type=macvlan,link=eth1")]
    [InlineData("eth0,mode=passthru")]
    [InlineData("eth0,link=lo")]
    public void What_is_not_understood_is_not_added(string text) => Assert.NotNull(InterfaceText.TryParsePositions(text, out _));

    [Fact]
    public void A_macvlan_has_nothing_on_the_host()
    {
        InterfaceText.TryParse("ifname=eth0,type=macvlan,link=eth1,mac_filter=off,ip_filter=off", out var given);
        var filled = InterfaceDefaults.Fill(new Ctid(101), given, [], "seed");
        Assert.Equal((null, null, true), (filled.HostName, filled.HostMac, filled.Mac is not null));
    }
}
