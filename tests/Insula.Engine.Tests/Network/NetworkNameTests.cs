using CsCheck;

using Insula.Engine.Containers;
using Insula.Engine.Network;

namespace Insula.Engine.Tests.Network;

public class NetworkNameTests
{
    [Theory]
    [InlineData("eth0")]
    [InlineData("venet2147483644")]
    [InlineData("eth0.5")]
    public void A_link_has_up_to_fifteen_visible_characters(string text) => Assert.Equal(text, InterfaceName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("sixteencharacter")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:1")]
    [InlineData("..")]
    [InlineData("all")]
    [InlineData("default")]
    [InlineData("veth%d")]
    [InlineData("eth0\n")]
    [InlineData("eth\u001b[31m")]
    [InlineData("été")]
    public void What_means_something_else_to_the_kernel_or_a_terminal_is_no_name(string text)
        => Assert.Equal(ExitCode.BadValue, Assert.Throws<InsulaException>(() => InterfaceName.Parse(text)).Code);

    [Fact]
    public void Every_container_has_a_link_name_that_leads_back_to_it()
        => Gen.Int[1, Ctid.MaxValue].Sample(number =>
            VenetName.TryParseOnHost(VenetName.OnHost(new Ctid(number)).Value, out var ctid) && ctid.Value == number
            && !VenetName.Mac(ctid).IsMulticast);

    [Theory]
    [InlineData("venet0")]
    [InlineData("venet")]
    [InlineData("venet01")]
    [InlineData("venet1x")]
    [InlineData("eth0")]
    public void Other_links_are_no_containers(string link) => Assert.False(VenetName.TryParseOnHost(link, out _));

    [Fact]
    public void The_hardware_address_tells_the_container()
        => Assert.Equal("02:49:00:00:00:65", VenetName.Mac(new Ctid(101)).ToString());

    [Theory]
    [InlineData("all", true, true)]
    [InlineData("", true, true)]
    [InlineData("detect", true, true)]
    [InlineData("none", false, false)]
    [InlineData("list:eth0", true, false)]
    [InlineData("list: eth0  eth2", true, false)]
    [InlineData("list:", false, false)]
    public void Neighbour_devices_admit_links(string value, bool eth0, bool eth1)
    {
        var devices = NeighbourDevices.Parse(value);
        Assert.Equal((eth0, eth1), (devices.Admits("eth0"), devices.Admits("eth1")));
        Assert.Equal(devices.ToString(), NeighbourDevices.Parse(devices.ToString()).ToString());
    }

    [Theory]
    [InlineData("eth0")]
    [InlineData("ALL")]
    [InlineData("list:a/b")]
    public void Other_values_of_neighbour_devices_are_refused(string value)
        => Assert.Equal(ExitCode.BadValue, Assert.Throws<InsulaException>(() => NeighbourDevices.Parse(value)).Code);
}
