using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

public class DeviceRuleTests
{
    private static readonly DeviceRule Null = new(DeviceKind.Character, 1, 3, DeviceAccess.All);
    private static readonly DeviceRule Zero = new(DeviceKind.Character, 1, 5, DeviceAccess.All);

    private static string[] Plan(string current, params DeviceRule[] wanted)
        => [.. DeviceControlV1.Plan(current, DeviceRule.Normalize(wanted)).Select(write => $"{write.File} {write.Line}")];

    [Theory]
    [InlineData(DeviceKind.Character, 136, null, DeviceAccess.All, "c 136:* rwm")]
    [InlineData(DeviceKind.Block, null, null, DeviceAccess.MakeNode, "b *:* m")]
    [InlineData(DeviceKind.Character, 10, 200, DeviceAccess.Read | DeviceAccess.Write, "c 10:200 rw")]
    public void A_rule_is_written_as_the_version_1_controller_wants_it(DeviceKind kind, int? major, int? minor, DeviceAccess access, string line)
    {
        var rule = new DeviceRule(kind, major, minor, access);
        Assert.Equal(line, rule.ToString());
        Assert.True(DeviceRule.TryParse(line, out var parsed));
        Assert.Equal(rule, parsed);
    }

    [Fact]
    public void A_new_group_is_closed_and_then_opened_for_what_is_allowed()
        => Assert.Equal(["devices.deny a", "devices.allow c 1:3 rwm", "devices.allow c 1:5 rwm"], Plan("a *:* rwm", Null, Zero));

    [Fact]
    public void A_live_change_writes_only_the_difference_and_allows_before_it_denies()
        => Assert.Equal(
            ["devices.allow c 1:5 rwm", "devices.deny c 1:7 rwm", "devices.deny c 10:200 w"],
            Plan("c 1:3 rwm\nc 1:7 rwm\nc 10:200 rw", Null, Zero, new(DeviceKind.Character, 10, 200, DeviceAccess.Read)));

    [Fact]
    public void The_same_list_again_writes_nothing() => Assert.Empty(Plan("c 1:3 rwm\nc 1:5 rwm", Null, Zero));

    [Fact]
    public void Both_kinds_become_a_rule_for_each_and_access_to_one_device_is_added_up()
        => Assert.Equal(
            ["b 8:0 rw", "c 8:0 rw"],
            DeviceRule.Normalize(
            [
                new(DeviceKind.All, 8, 0, DeviceAccess.Read),
                new(DeviceKind.Block, 8, 0, DeviceAccess.Write),
                new(DeviceKind.Character, 8, 0, DeviceAccess.Write),
                new(DeviceKind.Block, 9, 0, DeviceAccess.None),
            ]).Select(rule => rule.ToString()));

    [Theory]
    [InlineData(4096, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 1048576)]
    public void A_device_number_out_of_range_is_refused(int major, int minor)
        => Assert.Throws<ArgumentException>(() => DeviceRule.Normalize([new(DeviceKind.Block, major, minor, DeviceAccess.All)]));

    [Fact]
    public void By_default_a_container_opens_no_block_device_and_neither_TUN_nor_FUSE()
    {
        Assert.All(DeviceRule.ContainerDefaults, rule => Assert.True(rule.Kind == DeviceKind.Character || rule.Access == DeviceAccess.MakeNode));
        Assert.DoesNotContain(DeviceRule.ContainerDefaults, rule => rule.Major == 10);
        Assert.Contains(Null, DeviceRule.ContainerDefaults);
        Assert.All(DeviceRule.ContainerDefaults.Where(rule => rule.Major is null), rule => Assert.Equal(DeviceAccess.MakeNode, rule.Access));
    }
}
