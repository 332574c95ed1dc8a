using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;

namespace Insula.System.Tests.Beancounters;

public class BpfAccountingTests
{
    [Fact]
    public void What_this_kernel_can_count_is_told_with_the_means_or_the_reason()
    {
        Require.Root();
        var accounting = CountedGroup.NewAccounting(out _);
        foreach (var resource in IBpfAccounting.Resources)
        {
            var mechanism = accounting.MechanismOf(resource);
            TestContext.Current.TestOutputHelper?.WriteLine($"{resource.Name}: {mechanism}");
            Assert.NotEmpty(mechanism.Detail);
        }
    }
}
