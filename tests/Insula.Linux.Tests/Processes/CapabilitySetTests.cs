using CsCheck;
using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public class CapabilitySetTests
{
    [Theory]
    [InlineData("net_admin", Capability.NetAdmin)]
    [InlineData("NET_ADMIN", Capability.NetAdmin)]
    [InlineData("cap_net_admin", Capability.NetAdmin)]
    [InlineData("CAP_Net_Admin", Capability.NetAdmin)]
    [InlineData("chown", Capability.Chown)]
    [InlineData("checkpoint_restore", Capability.CheckpointRestore)]
    [InlineData("setveid", Capability.AuditWrite)]
    public void A_name_is_read_in_any_case_with_or_without_its_prefix(string text, Capability expected)
    {
        Assert.True(CapabilityNames.TryParse(text, out var set));
        Assert.Equal(CapabilitySet.Of(expected), set);
    }

    [Fact]
    public void The_administrator_of_an_OpenVZ_container_administers_system_and_network_of_the_container()
    {
        Assert.True(CapabilityNames.TryParse("VE_ADMIN", out var set));
        Assert.Equal(CapabilitySet.Of(Capability.SysAdmin, Capability.NetAdmin), set);
        Assert.False(set.Contains(Capability.AuditControl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cap_")]
    [InlineData("cap_cap_chown")]
    [InlineData("net-admin")]
    [InlineData("chown ")]
    [InlineData("41")]
    public void Other_text_is_no_capability(string text) => Assert.False(CapabilityNames.TryParse(text, out _));

    [Fact]
    public void Every_capability_is_found_by_its_own_name()
    {
        foreach (var capability in Enum.GetValues<Capability>())
        {
            Assert.True(CapabilityNames.TryParse(CapabilityNames.Name(capability), out var set));
            Assert.Equal(CapabilitySet.Of(capability), set);
        }
        Assert.Equal(CapabilityNames.Count, Enum.GetValues<Capability>().Length);
    }

    [Fact]
    public void A_set_is_the_set_of_its_members()
        => Gen.ULong.Sample(mask => CapabilitySet.Of([.. new CapabilitySet(mask).Members()]).Mask == mask
            && new CapabilitySet(mask).Members().Count() == new CapabilitySet(mask).Count);

    [Fact]
    public void Set_arithmetic_is_that_of_sets()
        => Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 63]).Sample((left, right, bit) =>
        {
            var (a, b, c) = (new CapabilitySet(left), new CapabilitySet(right), (Capability)bit);
            return (a | b).Contains(c) == (a.Contains(c) || b.Contains(c))
                && (a & b).Contains(c) == (a.Contains(c) && b.Contains(c))
                && (a - b).Contains(c) == (a.Contains(c) && !b.Contains(c));
        });

    [Theory]
    [InlineData(0, 1ul)]
    [InlineData(40, 0x1fffffffffful)]
    [InlineData(63, ulong.MaxValue)]
    public void All_capabilities_up_to_one_are_a_row_of_bits(int last, ulong mask) => Assert.Equal(mask, CapabilitySet.UpTo(last).Mask);

    [Fact]
    public void The_kernel_tells_its_highest_capability() => Assert.InRange(CapabilitySet.ReadLast(), 36, 63);

    [Fact]
    public void A_container_keeps_what_is_its_own_and_loses_what_is_the_hosts()
    {
        var bounding = ContainerCapabilities.Default(40);
        Assert.All(
            [Capability.SysAdmin, Capability.NetAdmin, Capability.SysBoot, Capability.SetFCap, Capability.AuditWrite, Capability.MkNod],
            capability => Assert.True(bounding.Contains(capability)));
        Assert.All(
            [Capability.SysModule, Capability.SysRawIo, Capability.SysTime, Capability.MacAdmin, Capability.Syslog, Capability.AuditRead],
            capability => Assert.False(bounding.Contains(capability)));
        Assert.Equal(41, bounding.Count + ContainerCapabilities.Dropped.Count);
    }

    [Theory]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(45)]
    public void What_the_kernel_has_is_kept_but_for_the_dropped_and_the_unknown(int last)
    {
        var bounding = ContainerCapabilities.Default(last);
        Assert.Equal(CapabilitySet.Empty, bounding - CapabilitySet.UpTo(last));
        Assert.False(bounding.Contains((Capability)41));
        Assert.Equal(CapabilitySet.UpTo(Math.Min(last, 40)) - ContainerCapabilities.Dropped, bounding);
    }

    [Fact]
    public void Sets_are_laid_out_in_two_halves()
    {
        var data = CapabilityData.From(new(0x1_00000002), new(0x3_00000004), new(0x5_00000006));
        Assert.Equal((2u, 4u, 6u, 1u, 3u, 5u), (
            data.EffectiveLow, data.PermittedLow, data.InheritableLow, data.EffectiveHigh, data.PermittedHigh, data.InheritableHigh));
        Assert.Equal(24, data.ToBytes().Length);
        Assert.Equal([0x22, 0x05, 0x08, 0x20, 0, 0, 0, 0], CapabilityData.HeaderBytes());
    }
}
