using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;
using Insula.Engine.Planning;
using static Insula.Engine.Beancounters.BeancounterResources;

namespace Insula.Engine.Tests.Planning;

public sealed class OversellTests
{
    private const long Unlimited = BarrierLimit.Unlimited;

    [Fact]
    public void A_vswap_container_has_what_its_limits_say()
    {
        var row = Row((Memory, 100, 0, 1000), (Swap, 5, 0, 2000));
        Assert.Equal(new MemoryUse(409600, 409600, 4096000, 0), row.Ram);
        Assert.Equal(new MemoryUse(20480, 20480, 8192000, 0), row.Swap);
        Assert.Equal("-", row.Flags);
    }

    [Fact]
    public void Of_another_half_of_privvmpages_is_guessed_for_each()
    {
        var row = Row((Memory, 100, 0, Unlimited), (PrivateMemory, 0, 900, 1000));
        Assert.Equal((500 * 4096, 500 * 4096, "g"), (row.Ram.Limit, row.Swap.Limit, row.Flags));
        Assert.Equal("ug", Row((Memory, 100, 0, Unlimited), (PrivateMemory, 0, Unlimited, Unlimited)).Flags);
        Assert.Equal("u", Row((Memory, 100, 0, 1000), (Swap, 0, 0, Unlimited)).Flags);
    }

    [Fact]
    public void What_has_no_limit_is_not_in_the_sum()
    {
        var oversell = new Oversell([Row((Memory, 1, 0, 1000), (Swap, 0, 0, 100)), Row((Memory, 1, 0, 1000), (Swap, 0, 0, Unlimited))], Accounts.Host);
        Assert.Equal((8192, 2000 * 4096, 100 * 4096), (oversell.Ram.Used, oversell.Ram.Limit, oversell.Swap.Limit));
        Assert.Equal(2000d * 4096 / (8L << 30), oversell.RamFraction);
        Assert.Equal(2100d * 4096 / (12L << 30), oversell.TotalFraction);
    }

    [Fact]
    public void A_host_without_swap_has_no_fraction_of_it()
    {
        var oversell = new Oversell([Row((Memory, 1, 0, 1000), (Swap, 0, 0, 100))], Accounts.Host with { Swap = 0 });
        Assert.Null(oversell.SwapFraction);
        Assert.Equal(1100d * 4096 / (8L << 30), oversell.TotalFraction);
        Assert.Equal(0, new Oversell([], Accounts.Host).RamFraction);
    }

    [Fact]
    public void Sums_end_at_the_largest_number()
    {
        var row = Row((Memory, Unlimited, 0, Unlimited - 1), (Swap, Unlimited, 0, Unlimited - 1));
        Assert.Equal(Unlimited, new Oversell([row, row], Accounts.Host).Ram.Used);
    }

    [Fact]
    public void An_account_without_a_row_for_swap_has_no_limit_on_it()
    {
        var account = Accounts.Of(101, (Memory, 1, 0, 1000));
        Assert.Equal("u", OversellRow.Of(account with { Rows = [.. account.Rows.Where(row => row.Resource != Swap)] }).Flags);
    }

    private static OversellRow Row(params (BeancounterResource, long, long, long)[] rows) => OversellRow.Of(Accounts.Of(101, rows));
}
