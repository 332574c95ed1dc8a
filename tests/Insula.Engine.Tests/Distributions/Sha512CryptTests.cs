using System.Text;
using Insula.Engine.Distributions;

namespace Insula.Engine.Tests.Distributions;

public class Sha512CryptTests
{
    // The vectors of the algorithm's publication (SHA-crypt.txt); openssl passwd -6 gives the same.
    [Theory]
    [InlineData("saltstring", null, "Hello world!",
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("saltstringsaltstring", 10000, "Hello world!",
        "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData("toolongsaltstring", 5000, "This is just a test",
        "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0")]
    [InlineData("anotherlongsaltstring", 1400,
        "a very much longer text to encrypt.  This one even stretches over morethan one line.",
        "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1")]
    [InlineData("roundstoolow", 10, "the minimum number is still observed",
        "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.")]
    public void Published_vectors_hold(string salt, int? rounds, string key, string expected)
        => Assert.Equal(expected, Sha512Crypt.Hash(Encoding.UTF8.GetBytes(key), salt, rounds));

    [Fact]
    public void Each_hash_has_a_salt_of_its_own()
    {
        var first = Sha512Crypt.Hash("secret");
        Assert.NotEqual(first, Sha512Crypt.Hash("secret"));
        var salt = first.Split('$')[2];
        Assert.Equal(16, salt.Length);
        Assert.Equal(first, Sha512Crypt.Hash("secret"u8.ToArray(), salt, null));
    }
}
