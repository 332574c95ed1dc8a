using CsCheck;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Planning.Scaling;

namespace Insula.Engine.Tests.Planning;

public sealed class ConfigScalingTests
{
    private const string Text = """
        # a comment
        HOSTNAME="web"
        NAME="web"
        IP_ADDRESS="10.0.0.1"
        NUMPROC="100:110"
        VMGUARPAGES="1000:unlimited"
        DCACHE="100:200"
        PHYSPAGES="0:256M"
        DISKSPACE="1G:1.1G"
        CPUUNITS="400000"
        QUOTATIME="10"
        RATE="eth0:1:8 eth1:2:100"
        MINE="7"

        """;

    [Fact]
    public void Each_group_has_its_own_factor()
    {
        var config = Accounts.Config(Text);
        var changed = ConfigScaling.Scale(config, new ScaleFactors(Cpu: 2, Disk: 0.5, Beancounters: 1.5, Network: 10));
        Assert.Equal(
            """
            # a comment
            HOSTNAME="web"
            NAME="web"
            IP_ADDRESS="10.0.0.1"
            NUMPROC="150:165"
            VMGUARPAGES="1500:9223372036854775807"
            PHYSPAGES="0:98304"
            DISKSPACE="524288:576717"
            CPUUNITS="500000"
            QUOTATIME="10"
            RATE="eth0:1:80 eth1:2:1000"
            MINE="7"
            DCACHESIZE="150:300"

            """,
            System.Text.Encoding.UTF8.GetString(config.File.ToBytes()));
        Assert.Contains(new ScaledValue("NUMPROC", "100:110", "150:165"), changed);
        Assert.Equal(7, changed.Count);
    }

    [Fact]
    public void What_has_no_factor_stays()
    {
        var config = Accounts.Config(Text);
        Assert.Empty(ConfigScaling.Scale(config, new ScaleFactors(null, null, null, null)));
        Assert.Empty(ConfigScaling.Scale(config, new ScaleFactors(1, 1, 1, 1)));
        Assert.Equal(Text, System.Text.Encoding.UTF8.GetString(config.File.ToBytes()));
    }

    [Fact]
    public void A_sample_has_nothing_of_the_container_it_was_made_from()
    {
        var config = Accounts.Config(Text);
        ConfigScaling.RemoveOwn(config);
        Assert.Equal(["NUMPROC", "VMGUARPAGES", "DCACHE", "PHYSPAGES", "DISKSPACE", "CPUUNITS", "QUOTATIME", "RATE", "MINE"], config.File.Keys);
    }

    [Theory]
    [InlineData("NUMPROC=many")]
    [InlineData("CPUUNITS=1")]
    [InlineData("RATE=eth0")]
    [InlineData("DISKSPACE=unlimited")]
    public void A_bad_value_is_refused_and_nothing_changed(string line)
    {
        var text = $"KMEMSIZE=\"10:20\"\n{line}\n";
        var config = Accounts.Config(text);
        Expect.Error(ExitCode.InvalidConfig, () => ConfigScaling.Scale(config, new ScaleFactors(2, 2, 2, 2)));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(config.File.ToBytes()));
    }

    [Fact]
    public void Values_stay_in_their_order_and_bounds_whatever_the_factor()
        => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Double[1e-6, 1e6], Gen.Long[8, 500000]).Sample((one, other, factor, units) =>
        {
            var (barrier, limit) = (Math.Min(one, other), Math.Max(one, other));
            var config = Accounts.Config($"PRIVVMPAGES={barrier}:{limit}\nCPUUNITS={units}\n");
            ConfigScaling.Scale(config, new ScaleFactors(factor, factor, factor, factor));
            var scaled = config.Get(BeancounterParameters.PrivVmPages, default);
            Assert.InRange(scaled.Barrier, 0, scaled.Limit);
            if (limit == BarrierLimit.Unlimited)
                Assert.Equal(limit, scaled.Limit);
            Assert.InRange(config.Get(CpuParameters.CpuUnits), 8, 500000);
        });
}
