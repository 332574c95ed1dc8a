using Insula.Linux.Nftables;

namespace Insula.Linux.Tests.Nftables;

public class NftRuleTests
{
    [Fact]
    public void A_rule_says_what_it_is_made_of()
        => Assert.Equal("meta cmp ct bitwise cmp connlimit objref log immediate", new NftRule().Load(NftMeta.OutputName, 0).IfEqual(0, NftKey.Of("veth1"))
            .IfAny(NftConntrack.State, NftConnectionBits.New, 4).IfConnectionsOver(10).Count("c").Log("p").Drop().ToString());

    [Fact]
    public void A_concatenated_key_has_each_part_at_a_multiple_of_four_bytes()
    {
        Assert.Equal("0600000000500000", Convert.ToHexString(NftKey.Join([6], [0, 80])));
        Assert.Equal(44, new NftSet("flows", NftType.Address6, NftType.Address6, NftType.TransportProtocol, NftType.Port, NftType.Port).KeyLength);
        Assert.Equal(8, new NftSet("forwards", NftType.Port) { Data = [NftType.Address4, NftType.Port] }.DataLength);
        Assert.Equal(1, new NftSet("types", NftType.IcmpType).KeyLength);
    }

    [Fact]
    public void A_comment_is_read_as_it_is_written()
    {
        Assert.Equal("CT 101", NftTransaction.ReadComment([0, 7, .. "CT 101"u8, 0]));
        foreach (var other in new byte[][] { [], [0], [0, 0], [1, 2, 65, 0], [0, 200, 65, 0] })
            Assert.Null(NftTransaction.ReadComment(other));
    }
}
