using CsCheck;

using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Netlink;

public class NetlinkParserTests
{
    private static byte[] RouteMessage()
    {
        var route = new Route { Destination = IpAddress.Parse("10.0.0.5"), LinkIndex = 7, Source = IpAddress.Parse("192.0.2.2"), Metric = 3, Protocol = 73 };
        return RouteSocket.NewRoute(new byte[512], route, NetlinkMessageType.NewRoute, NetlinkFlags.None).Finish(1).ToArray();
    }

    private static byte[] NeighbourMessage()
    {
        var message = RouteSocket.NewNeighbour(
            new byte[512], 3, IpAddress.Parse("2001:db8::1"), NetlinkMessageType.NewNeighbour, Nda.FlagProxy, NetlinkFlags.None);
        message.Attribute(Nda.Protocol, (byte)73);
        return message.Finish(1).ToArray();
    }

    private static byte[] LinkMessage()
        => RouteSocket.NewVeth(
            new byte[512], new VethEnd("venet101", new MacAddress(0x024900000065), Mtu: 1400), new VethEnd("x"), LinkNamespace.OfProcess(1)).Finish(1).ToArray();

    private static byte[] ErrorMessage()
    {
        var message = new NetlinkWriter(new byte[512], NetlinkMessageType.Error, NetlinkFlags.AckAttributes | NetlinkFlags.Capped);
        message.Append(-(int)Errno.EINVAL);
        message.Append(new NetlinkHeader { Length = 4000 });
        message.Attribute(ErrorAttribute.Message, "Invalid prefix for given prefix length");
        return message.Finish(1).ToArray();
    }

    private static NetlinkMessage First(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        Assert.True(NetlinkMessage.TryTake(ref rest, out var message));
        return message;
    }

    [Fact]
    public void A_route_is_read_back_as_it_was_written()
    {
        Assert.True(Route.TryParse(First(RouteMessage()), out var route));
        Assert.Equal(("10.0.0.5/32", 7, "192.0.2.2", 3u, (byte)73), (route.ToString(), route.LinkIndex, route.Source.ToString(), route.Metric, route.Protocol));
        Assert.True(route.IsHostRoute);
    }

    [Fact]
    public void A_neighbour_proxy_is_read_back_as_it_was_written()
    {
        Assert.True(NeighbourInfo.TryParse(First(NeighbourMessage()), out var proxy));
        Assert.Equal(new NeighbourInfo(3, IpAddress.Parse("2001:db8::1"), null, true, 73), proxy);
    }

    [Fact]
    public void A_link_is_read_back_as_it_was_written()
    {
        Assert.True(LinkInfo.TryParse(First(LinkMessage()), out var link));
        Assert.Equal(("venet101", "veth", 1400), (link.Name, link.Kind, link.Mtu));
    }

    [Fact]
    public void An_error_carries_the_kernels_own_words()
        => Assert.Equal(new NetlinkAnswer(Errno.EINVAL, "Invalid prefix for given prefix length"), NetlinkAnswer.Read(First(ErrorMessage())));

    [Fact]
    public void Random_bytes_are_refused_with_a_typed_error_or_read()
        => Gen.Byte.Array[0, 200].Sample(bytes => ReadEverything(bytes), iter: 20_000);

    [Fact]
    public void Damaged_and_truncated_messages_are_refused_with_a_typed_error_or_read()
    {
        byte[][] originals = [RouteMessage(), NeighbourMessage(), LinkMessage(), ErrorMessage()];
        var damage = Gen.Select(Gen.Int[0, 199], Gen.Byte).Array[0, 6];
        Gen.Select(Gen.Int[0, originals.Length - 1], damage, Gen.Int[0, 200]).Sample((index, changes, length) =>
        {
            var bytes = originals[index].ToArray();
            foreach (var change in changes)
                bytes[change.Item1 % bytes.Length] = change.Item2;
            ReadEverything(bytes[..Math.Min(length, bytes.Length)]);
        }, iter: 50_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(0x7fffffff)]
    public void A_length_that_does_not_fit_is_refused(int length)
    {
        var bytes = RouteMessage();
        BitConverter.TryWriteBytes(bytes, length);
        Assert.Equal(Errno.EBADMSG, Assert.Throws<LinuxException>(() => ReadAs(bytes, m => Route.TryParse(m, out _))).Errno);
    }

    // Any exception but the typed one fails the test. Each reader gets every message, whatever its type says.
    private static void ReadEverything(byte[] bytes)
    {
        ReadOnlySpan<Reader> readers =
        [
            m => LinkInfo.TryParse(m, out _), m => AddressInfo.TryParse(m, out _), m => Route.TryParse(m, out _),
            m => NeighbourInfo.TryParse(m, out _), m => NetlinkAnswer.Read(m) == default,
        ];
        foreach (var reader in readers)
        {
            try
            {
                ReadAs(bytes, reader);
            }
            catch (LinuxException error)
            {
                Assert.Equal(Errno.EBADMSG, error.Errno);
            }
        }
    }

    private delegate bool Reader(NetlinkMessage message);

    private static void ReadAs(byte[] bytes, Reader reader)
    {
        ReadOnlySpan<byte> rest = bytes;
        while (NetlinkMessage.TryTake(ref rest, out var message))
            reader(message);
    }

    [Theory]
    [InlineData("venet0", true)]
    [InlineData("venet2147483644", true)]
    [InlineData("venet21474836444", false)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a:0", false)]
    [InlineData("a b", false)]
    [InlineData("a\0b", false)]
    [InlineData("éééééééé", false)]
    public void A_link_name_is_what_the_kernel_takes(string name, bool valid) => Assert.Equal(valid, LinkName.IsValid(name));
}
