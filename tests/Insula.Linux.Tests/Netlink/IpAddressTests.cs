using System.Net;
using System.Net.Sockets;

using CsCheck;

using Insula.Linux.Netlink;

namespace Insula.Linux.Tests.Netlink;

public class IpAddressTests
{
    private static readonly Gen<IpAddress> Addresses = Gen.OneOf(
        Gen.UInt.Select(bits => new IpAddress(IpFamily.IPv4, bits)),
        // Groups of zero are frequent, so that every place and length of "::" occurs.
        Gen.Frequency((1, Gen.Const((ushort)0)), (1, Gen.UShort)).Array[8].Select(FromGroups));

    private static IpAddress FromGroups(ushort[] groups)
    {
        UInt128 bits = 0;
        foreach (var group in groups)
            bits = (bits << 16) | group;
        return new IpAddress(IpFamily.IPv6, bits);
    }

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("::ffff:c000:201", "::ffff:192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("00ab::0001", "ab::1")]
    public void An_address_is_read_and_written_in_its_canonical_form(string text, string canonical)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(canonical, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.00")]
    [InlineData("256.0.0.1")]
    [InlineData("0x1.0.0.1")]
    [InlineData("1.2.3.4 ")]
    [InlineData(" 1.2.3.4")]
    [InlineData("+1.2.3.4")]
    [InlineData("1.2.3.٤")]
    [InlineData("1.2.3.4\0")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData(":1::")]
    [InlineData("1:")]
    [InlineData("::1.2.3.4:1")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("-1::")]
    [InlineData("+1::")]
    public void What_another_program_could_read_differently_is_no_address(string text)
        => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void Text_and_bytes_lead_back_to_the_same_address()
        => Addresses.Sample(address =>
        {
            Span<byte> bytes = stackalloc byte[address.Length];
            address.CopyTo(bytes);
            return IpAddress.TryParse(address.ToString(), out var fromText) && fromText == address
                && IpAddress.TryFromBytes(bytes, out var fromBytes) && fromBytes == address
                && new IPAddress(bytes).Equals(IPAddress.Parse(address.ToString()));
        });

    [Fact]
    public void Whatever_is_accepted_means_the_same_to_the_platform()
        => Gen.Char["0123456789abcdefF:.%/ "].Array[0, 24].Select(letters => new string(letters)).Sample(
            text => !IpAddress.TryParse(text, out var address)
                || (IPAddress.TryParse(text, out var known) && known.ToString() == IPAddress.Parse(address.ToString()).ToString()),
            iter: 20_000);

    [Theory]
    [InlineData("127.3.2.1", true, false, false)]
    [InlineData("::1", true, false, false)]
    [InlineData("224.0.0.1", false, true, false)]
    [InlineData("239.255.255.255", false, true, false)]
    [InlineData("ff02::1", false, true, false)]
    [InlineData("169.254.1.1", false, false, true)]
    [InlineData("fe80::1", false, false, true)]
    [InlineData("febf::1", false, false, true)]
    [InlineData("fec0::1", false, false, false)]
    [InlineData("::2", false, false, false)]
    [InlineData("240.0.0.1", false, false, false)]
    public void Special_ranges_are_known(string text, bool loopback, bool multicast, bool linkLocal)
    {
        var address = IpAddress.Parse(text);
        Assert.Equal((loopback, multicast, linkLocal), (address.IsLoopback, address.IsMulticast, address.IsLinkLocal));
        Assert.Equal(
            text.Contains(':') ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, IPAddress.Parse(address.ToString()).AddressFamily);
    }

    [Theory]
    [InlineData("02:49:00:00:00:65", true)]
    [InlineData("FE:FF:FF:FF:FF:FF", true)]
    [InlineData("02:49:00:00:00", false)]
    [InlineData("02-49-00-00-00-65", false)]
    [InlineData("2:49:0:0:0:65:1:1", false)]
    [InlineData("02:49:00:00:00:6g", false)]
    [InlineData("02:49:00:00:00:+5", false)]
    public void A_hardware_address_is_six_pairs_of_digits(string text, bool valid)
    {
        Assert.Equal(valid, MacAddress.TryParse(text, out var mac));
        if (valid)
            Assert.Equal(text.ToLowerInvariant(), mac.ToString());
    }
}
