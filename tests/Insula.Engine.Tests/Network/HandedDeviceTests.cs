using Insula.Engine.Network.Devices;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Network;

public class HandedDeviceTests
{
    private static readonly HandedDevice s_device = new("eth1.7")
    {
        Index = 5,
        Kind = "vlan",
        Below = 3,
        BelowNamespace = 0,
        WasUp = true,
        Mtu = 1400,
        Mac = new MacAddress(0x001851000001),
        Addresses = [(IpAddress.Parse("192.0.2.1"), 24), (IpAddress.Parse("2001:db8::1"), 64)],
    };

    [Fact]
    public void What_a_device_was_is_kept_as_a_line_of_text()
    {
        const string line = "eth1.7 5 vlan 3 0 up 1400 00:18:51:00:00:01 192.0.2.1/24,2001:db8::1/64";
        Assert.Equal(line, s_device.ToString());
        Assert.True(HandedDevice.TryParse(line, out var read));
        Assert.Equal(line, read.ToString());
        Assert.True(HandedDevice.TryParse(new HandedDevice("eth9").ToString(), out var bare));
        Assert.Equal((null, null, false, null), (bare.Kind, bare.BelowNamespace, bare.WasUp, bare.Mac));
        Assert.Empty(bare.Addresses);
        Assert.False(HandedDevice.TryParse("eth1 5 vlan", out _));
    }

    [Theory]
    [InlineData("renamed", 5, "vlan", 3, 0, true)]
    [InlineData("eth1.7", 6, "vlan", 3, 0, false)] // made anew
    [InlineData("eth1.7", 5, "dummy", 3, 0, false)]
    [InlineData("eth1.7", 5, "vlan", 4, 0, false)] // on another link
    [InlineData("eth1.7", 5, "vlan", 3, null, false)] // on a link of the container's own
    [InlineData("eth1.7", 5, "vlan", 3, 1, false)]
    public void Something_that_a_container_has_put_in_its_place_is_not_taken_for_it(string name, int index, string kind, int below, int? belowNamespace, bool same)
        => Assert.Equal(same, s_device.IsSame(new LinkInfo(index, name, LinkFlags.None, 1500, null, kind, below, belowNamespace is not null, 0) { PeerNamespace = belowNamespace }));

    [Theory]
    [InlineData("eth1 eth2.7", null)]
    [InlineData("lo", "not handed over")]
    [InlineData("tunnel0", "not handed over")]
    [InlineData("tap3", "not handed over")]
    [InlineData("venet0", "not handed over")]
    [InlineData("eth0;x", "not the name")]
    [InlineData("sixteencharacter", "not the name")]
    public void Some_devices_are_never_handed_over(string text, string? why)
    {
        var answer = NetworkParameters.Devices.TypedKind.TryParse(text, ParseContext.Default, out _);
        if (why is null)
            Assert.Null(answer);
        else
            Assert.Contains(why, answer);
    }
}
