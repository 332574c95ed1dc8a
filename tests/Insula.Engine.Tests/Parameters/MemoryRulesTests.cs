using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Tests.Parameters;

public sealed class MemoryRulesTests
{
    private const long Unlimited = BarrierLimit.Unlimited;

    private static readonly BarrierLimit Ram = new(0, 1000);
    private static readonly BarrierLimit Swap = new(0, 2000);

    [Fact]
    public void A_bounded_amount_of_memory_makes_a_vswap_configuration()
    {
        Assert.True(VswapRules.IsVswap(Ram));
        Assert.False(VswapRules.IsVswap(null));
        Assert.False(VswapRules.IsVswap(new BarrierLimit(0, Unlimited)));
        Assert.False(VswapRules.IsVswap(new BarrierLimit(0, int.MaxValue)));
    }

    [Fact]
    public void The_other_memory_parameters_follow_from_memory_and_swap()
    {
        Assert.Equal(new BarrierLimit(1000, 1000), VswapRules.LockedPages(Ram));
        Assert.Equal(new BarrierLimit(1000, Unlimited), VswapRules.OomGuarPages(Ram));
        Assert.Equal(new BarrierLimit(3000, Unlimited), VswapRules.VmGuarPages(Ram, Swap));
        Assert.Equal(new BarrierLimit(4500, 4500), VswapRules.PrivVmPages(Ram, Swap, 1.5));
        Assert.Equal(new BarrierLimit(Unlimited), VswapRules.PrivVmPages(Ram, Swap, 0));
    }

    [Fact]
    public void Unlimited_swap_does_not_overflow()
    {
        var unlimited = new BarrierLimit(0, Unlimited);
        Assert.Equal(Unlimited, VswapRules.VmGuarPages(Ram, unlimited).Barrier);
        Assert.Equal(new BarrierLimit(Unlimited), VswapRules.PrivVmPages(Ram, unlimited, 2));
        Assert.Equal(new BarrierLimit(Unlimited), VswapRules.PrivVmPages(new BarrierLimit(0, Unlimited / 2), Swap, 1000));
    }

    [Fact]
    public void A_vswap_configuration_needs_memory_and_swap_only()
    {
        Assert.Empty(RequiredParameters.Missing(Config("PHYSPAGES=\"0:256M\"\nSWAPPAGES=\"0:512M\"\n")));
        Assert.Equal(["SWAPPAGES"], RequiredParameters.Missing(Config("PHYSPAGES=\"0:256M\"\n")));
        Assert.True(VswapRules.LacksSwap(Ram, null));
        Assert.False(VswapRules.LacksSwap(Ram, Swap));
    }

    [Fact]
    public void Any_other_configuration_needs_every_beancounter_but_swap()
    {
        var missing = RequiredParameters.Missing(Config("KMEMSIZE=1\nDCACHE=2\n"));
        Assert.Equal(18, missing.Count);
        Assert.DoesNotContain("DCACHESIZE", missing);
        Assert.DoesNotContain("SWAPPAGES", missing);
        var error = Expect.Error(ExitCode.NotEnoughBeancounters, () => RequiredParameters.Demand(Config("")));
        Assert.Contains("NUMPROC", error.Message, StringComparison.Ordinal);
    }

    private static ContainerConfig Config(string text)
        => new(new Ctid(101), ConfigFile.Parse("101.conf", Encoding.UTF8.GetBytes(text)), null);
}
