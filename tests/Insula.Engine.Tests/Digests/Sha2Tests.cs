using System.Security.Cryptography;
using Insula.Engine.Digests;

namespace Insula.Engine.Tests.Digests;

public class Sha2Tests
{
    private const string TwoBlocks256 = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    // NIST, "Example Values", SHA-256.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(TwoBlocks256, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Sha256_gives_the_published_values(string text, string digest)
        => Assert.Equal(digest, Digest(new Sha256(), text));

    // NIST, "Example Values", SHA-512.
    [Theory]
    [InlineData(
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    public void Sha512_gives_the_published_values(string text, string digest)
        => Assert.Equal(digest, Digest(new Sha512(), text));

    // Every length around the ends of blocks and of the room for the length, in pieces of every size.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(1000)]
    public void Pieces_of_any_size_give_what_another_implementation_gives_for_the_whole(int piece)
    {
        var data = new byte[600];
        new Random(piece).NextBytes(data);
        var (small, large) = (new Sha256(), new Sha512());
        for (var length = 0; length <= data.Length; length++)
        {
            for (var at = 0; at < length; at += piece)
            {
                small.Append(data.AsSpan(at, Math.Min(piece, length - at)));
                large.Append(data.AsSpan(at, Math.Min(piece, length - at)));
            }
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), small.FinishAndReset());
            Assert.Equal(SHA512.HashData(data.AsSpan(0, length)), large.FinishAndReset());
        }
    }

    [Fact]
    public void A_million_signs_are_counted_right()
    {
        var hash = new Sha256();
        for (var i = 0; i < 1000; i++)
            hash.Append(Enumerable.Repeat((byte)'a', 1000).ToArray());
        Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", Convert.ToHexStringLower(hash.FinishAndReset()));
    }

    private static string Digest(BlockHash hash, string text)
    {
        hash.Append(System.Text.Encoding.ASCII.GetBytes(text));
        return Convert.ToHexStringLower(hash.FinishAndReset());
    }
}
