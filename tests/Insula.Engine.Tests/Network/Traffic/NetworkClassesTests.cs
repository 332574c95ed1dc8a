using Insula.Engine.Network.Traffic;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Network.Traffic;

public class NetworkClassesTests
{
    private const string File = """
        # as Virtuozzo has it
        1 0.0.0.0/0
        1 ::/0

        2\t192.0.2.0/24   # near
        3 192.0.2.128/25
        0 192.0.2.200
        4 2001:db8::/32
        4 198.51.100.77/24
        """;

    private static IReadOnlyList<NetworkClass> Classes => NetworkClasses.Parse(File.Replace("\\t", "\t", StringComparison.Ordinal), "classes");

    [Theory]
    [InlineData("203.0.113.1", 1)]
    [InlineData("192.0.2.1", 2)]
    [InlineData("192.0.2.129", 3)]
    [InlineData("192.0.2.200", 0)]
    [InlineData("198.51.100.1", 4)]
    [InlineData("2001:db8::1", 4)]
    [InlineData("2001:db9::1", 1)]
    public void The_longest_network_counts(string address, int expected) => Assert.Equal(expected, NetworkClasses.Find(Classes, IpAddress.Parse(address)));

    [Fact]
    public void Without_a_line_everything_is_of_class_1() => Assert.Equal(1, NetworkClasses.Find([], IpAddress.Parse("192.0.2.1")));

    [Fact]
    public void The_later_of_two_lines_for_one_network_counts()
        => Assert.Equal(["7 10.0.0.0/8"], NetworkClasses.Parse("2 10.0.0.0/8\n7 10.1.2.3/8\n", "classes").Select(each => each.ToString()));

    [Fact]
    public void What_is_written_is_read_again()
        => Assert.Equal(NetworkClasses.InOrder(Classes), NetworkClasses.InOrder(NetworkClasses.Parse(NetworkClasses.Format(Classes), "classes")));

    [Theory]
    [InlineData("16 10.0.0.0/8", "not a class")]
    [InlineData("-1 10.0.0.0/8", "not a class")]
    [InlineData("x 10.0.0.0/8", "not a class")]
    [InlineData("1", "no network")]
    [InlineData("1 10.0.0.0/33", "prefix")]
    [InlineData("1 2001:db8::/129", "prefix")]
    [InlineData("1 10.0.0/8", "not an IPv4 or IPv6 network")]
    [InlineData("1 example.org", "not an IPv4 or IPv6 network")]
    [InlineData("1 10.0.0.0/8 11.0.0.0/8", "prefix")]
    public void A_wrong_line_is_named_with_its_number(string line, string why)
    {
        var error = Assert.Throws<InsulaException>(() => NetworkClasses.Parse($"1 0.0.0.0/0\n{line}\n", "/etc/classes"));
        Assert.Equal(ExitCode.InvalidConfig, error.Code);
        Assert.StartsWith("/etc/classes:2: ", error.Message);
        Assert.Contains(why, error.Message);
    }
}
