using Insula.Linux.Sockets;

namespace Insula.Linux.Tests.Sockets;

public sealed class SocketCountsTests
{
    private const string Protocols = """
        protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em
        UDPv6     1472      2       0   NI       0   yes  kernel      y  y  y  n  y  y  y  n  y  y  y  y  n  n  y  y  y  n
        TCPv6     2432      3     157   no     192   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  n  y  y  y  y  y
        UNIX-STREAM 1152     13      -1   NI       0   yes  kernel      y  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n
        TCP       2304     11     157   no     192   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  n  y  y  y  y  y
        """;

    [Fact]
    public void Tcp_is_counted_for_both_families_and_the_rest_is_other()
    {
        var counts = SocketCounts.Parse(Protocols, "sockets: used 37\nTCP: inuse 11 orphan 0 tw 2 alloc 11 mem 157\n");
        Assert.Equal(new SocketCounts(14, 37), counts);
        Assert.Equal(23, counts.Others);
    }

    [Fact]
    public void Orphans_that_no_process_has_do_not_make_others_negative()
        => Assert.Equal(0, SocketCounts.Parse(Protocols, "sockets: used 5\n").Others);

    [Fact]
    public void Text_that_is_none_of_it_counts_nothing() => Assert.Equal(default, SocketCounts.Parse("", "x\n"));

    [Fact]
    public void This_process_has_a_network_namespace() => Assert.NotNull(SocketCounts.TryRead(Environment.ProcessId));

    [Fact]
    public void A_process_that_is_gone_has_none() => Assert.Null(SocketCounts.TryRead(2147483600));
}
