using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Tests.Network.Firewall;

public sealed class ConnectionBoundTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("262144\n", 32768)]
    [InlineData("65536\n", 8192)]
    [InlineData("16384", 2048)]
    [InlineData("7\n", 1)]
    [InlineData("", 32768)]
    public void A_container_has_an_eighth_of_the_table_and_never_nothing(string size, uint bound)
    {
        var path = Path.Combine(_directory.Path, "nf_conntrack_max");
        File.WriteAllText(path, size);
        Assert.Equal(bound, ConnectionBound.Ordinary(path));
    }

    [Fact]
    public void Before_the_kernel_has_a_table_it_is_taken_for_the_usual_one()
        => Assert.Equal(32768u, ConnectionBound.Ordinary(Path.Combine(_directory.Path, "missing")));
}
