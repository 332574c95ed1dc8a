using Insula.Engine.Distributions;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Distributions;

public class InterfaceSettingsTests
{
    [Theory]
    [InlineData("192.0.2.5/24", "192.0.2.1", "default via 192.0.2.1 dev eth0")]
    [InlineData("192.0.2.5/25", "192.0.2.129", "default via 192.0.2.129 dev eth0 onlink")]
    [InlineData("192.0.2.5", "192.0.2.1", "default via 192.0.2.1 dev eth0 onlink")]
    [InlineData("2001:db8::5/64", "2001:db8::1", "default via 2001:db8::1 dev eth0")]
    [InlineData("2001:db8::5", "2001:db8::1", "default via 2001:db8::1 dev eth0 onlink")]
    [InlineData("2001:db8::5", "fe80::1", "default via fe80::1 dev eth0")]
    public void A_gateway_outside_of_the_interfaces_networks_is_said_to_be_on_the_link(string address, string gateway, string expected)
    {
        var router = IpAddress.Parse(gateway);
        var link = new InterfaceSettings
        {
            Name = "eth0",
            Addresses = ContainerTree.Addresses(address),
            Gateway4 = router.Family == IpFamily.IPv4 ? router : null,
            Gateway6 = router.Family == IpFamily.IPv6 ? router : null,
        };
        Assert.Equal([expected], link.DefaultRoutes().Select(route => route.IpRouteWords("eth0")));
    }

    [Fact]
    public void The_first_gateway_of_a_family_goes_before_venet0_and_others()
    {
        var venet = InterfaceSettings.Venet(ContainerTree.Addresses("10.0.0.5", "2001:db8::5"));
        Assert.Equal(["default dev x", "default dev x"], Routes([venet]));
        var one = new InterfaceSettings { Name = "eth0", Dhcp4 = true };
        var two = new InterfaceSettings { Name = "eth1", Addresses = ContainerTree.Addresses("192.0.2.5/24"), Gateway4 = IpAddress.Parse("192.0.2.1") };
        var three = new InterfaceSettings { Name = "eth2", Addresses = ContainerTree.Addresses("192.0.2.6/24"), Gateway4 = IpAddress.Parse("192.0.2.2") };
        Assert.Equal(["default dev x", "default via 192.0.2.1 dev x"], Routes([venet, one, two, three]));

        static IEnumerable<string> Routes(InterfaceSettings[] links)
            => InterfaceSettings.WithOneDefault(links).SelectMany(link => link.DefaultRoutes()).Select(route => route.IpRouteWords("x"));
    }
}
