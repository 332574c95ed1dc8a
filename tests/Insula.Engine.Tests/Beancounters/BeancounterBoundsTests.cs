using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;

namespace Insula.Engine.Tests.Beancounters;

public sealed class BeancounterBoundsTests
{
    private const long Unlimited = long.MaxValue;

    [Fact]
    public void What_the_configuration_says_counts()
        => Assert.Equal(new BarrierLimit(65536, 69632), Bounds("PRIVVMPAGES=\"65536:69632\"", BeancounterResources.PrivateMemory));

    [Fact]
    public void Without_configuration_everything_is_unlimited_and_nothing_guaranteed()
    {
        foreach (var resource in BeancounterResources.All)
        {
            var barrier = resource == BeancounterResources.GuaranteedMemory ? 0 : Unlimited;
            Assert.Equal(new BarrierLimit(barrier, Unlimited), Bounds("", resource));
        }
    }

    [Fact]
    public void Memory_and_swap_make_the_rest_of_a_vswap_configuration()
    {
        const string config = "PHYSPAGES=\"0:1000\"\nSWAPPAGES=\"0:500\"\nVM_OVERCOMMIT=\"1.5\"";
        Assert.Equal(new BarrierLimit(0, 1000), Bounds(config, BeancounterResources.Memory));
        Assert.Equal(new BarrierLimit(0, 500), Bounds(config, BeancounterResources.Swap));
        Assert.Equal(new BarrierLimit(1000), Bounds(config, BeancounterResources.Locked));
        Assert.Equal(new BarrierLimit(1000, Unlimited), Bounds(config, BeancounterResources.OomGuarantee));
        Assert.Equal(new BarrierLimit(1500, Unlimited), Bounds(config, BeancounterResources.GuaranteedMemory));
        Assert.Equal(new BarrierLimit(2250), Bounds(config, BeancounterResources.PrivateMemory));
        Assert.Equal(new BarrierLimit(Unlimited), Bounds(config, BeancounterResources.Processes));
    }

    [Fact]
    public void What_a_vswap_configuration_says_itself_is_not_derived()
        => Assert.Equal(new BarrierLimit(7), Bounds("PHYSPAGES=\"0:1000\"\nSWAPPAGES=\"0:500\"\nLOCKEDPAGES=\"7\"", BeancounterResources.Locked));

    [Fact]
    public void A_bad_value_counts_as_none()
        => Assert.Equal(new BarrierLimit(Unlimited), Bounds("NUMPROC=\"many\"", BeancounterResources.Processes));

    private static BarrierLimit Bounds(string text, BeancounterResource resource)
    {
        using var host = new TestHost();
        var ctid = host.Configure(101, text);
        return BeancounterBounds.Of(host.Store.Load(ctid), resource);
    }
}
