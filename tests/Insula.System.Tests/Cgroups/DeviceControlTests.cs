using Insula.Linux.Bpf;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Cgroups;

public class DeviceControlTests
{
    private const string OpenBoth =
        "(: < /dev/null) && echo null; (: < /dev/zero) && echo zero";

    private static readonly DeviceRule Null = new(DeviceKind.Character, 1, 3, DeviceAccess.All);
    private static readonly DeviceRule Zero = new(DeviceKind.Character, 1, 5, DeviceAccess.All);
    private static readonly DeviceRule ReadZero = Zero with { Access = DeviceAccess.Read };

    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public void By_this_hosts_own_means_only_what_is_listed_can_be_opened(string? type)
    {
        using var scratch = new ScratchGroup(type);
        var devices = scratch.Group.Devices;
        Assert.SkipWhen(devices is null, "no device control here");
        scratch.Group.Create();
        AssertRulesHold(scratch, devices);
    }

    [Fact]
    public void By_a_BPF_program_only_what_is_listed_can_be_opened()
    {
        using var scratch = new ScratchGroup();
        Assert.SkipWhen(scratch.World.Unified is null, "no cgroup v2 here");
        scratch.Group.Create();
        AssertRulesHold(scratch, DeviceControl.ByProgram(scratch.Group.PathIn(scratch.World.Unified)));
    }

    [Fact]
    public void The_default_list_opens_the_harmless_devices_and_no_disk_or_memory()
    {
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        scratch.Group.Devices!.SetRules(DeviceRule.ContainerDefaults);
        var output = scratch.RunInside(
            "for d in null zero full random urandom; do (: < /dev/$d) || echo $d is refused; done;"
            + " for d in mem kmsg loop-control fuse net/tun; do test ! -e /dev/$d || (: < /dev/$d) 2>/dev/null && test -e /dev/$d && echo $d is open; done; echo end");
        Assert.Equal("end", output);
    }

    [Fact]
    public void New_rules_take_the_place_of_the_program_and_never_stand_beside_it()
    {
        using var scratch = new ScratchGroup();
        Assert.SkipWhen(scratch.World.Unified is null, "no cgroup v2 here");
        scratch.Group.Create();
        var path = scratch.Group.PathIn(scratch.World.Unified);
        var devices = DeviceControl.ByProgram(path);
        using var group = scratch.Group.OpenDescriptor()!;
        devices.SetRules([Null]);
        var first = Assert.Single(BpfCgroupAttachment.Query(group, path, BpfAttachType.CgroupDevice));
        devices.SetRules([Null, Zero]);
        var second = Assert.Single(BpfCgroupAttachment.Query(group, path, BpfAttachType.CgroupDevice));
        Assert.NotEqual(first, second);
        Assert.True(BpfCgroupAttachment.Detach(group, path, BpfAttachType.CgroupDevice, "insula_devices"));
        Assert.False(BpfCgroupAttachment.Detach(group, path, BpfAttachType.CgroupDevice, "insula_devices"));
        Assert.Empty(BpfCgroupAttachment.Query(group, path, BpfAttachType.CgroupDevice));
    }

    [Fact]
    public void A_program_that_the_verifier_refuses_is_an_error_with_the_verifiers_words()
    {
        Require.Root();
        var program = new BpfAssembler();
        program.Exit(); // with nothing in R0
        var error = Assert.Throws<LinuxException>(()
            => BpfProgram.Load(BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, "refused", program.Assemble()));
        Assert.Equal(Errno.EACCES, error.Errno);
        Assert.Contains("R0 !read_ok", error.Hint, StringComparison.Ordinal);
    }

    private static void AssertRulesHold(ScratchGroup scratch, DeviceControl devices)
    {
        Assert.Equal("null\nzero", scratch.RunInside(OpenBoth));
        devices.SetRules([Null]);
        var refused = scratch.RunInside(OpenBoth);
        Assert.StartsWith("null\n", refused, StringComparison.Ordinal);
        Assert.Contains("/dev/zero", refused, StringComparison.Ordinal);
        Assert.Contains("not permitted", refused, StringComparison.Ordinal);
        // Live: more, and then less.
        devices.SetRules([Null, ReadZero]);
        Assert.Equal("null\nzero", scratch.RunInside(OpenBoth));
        Assert.Contains("not permitted", scratch.RunInside("(: > /dev/zero)"), StringComparison.Ordinal);
        devices.SetRules([Zero]);
        Assert.Contains("/dev/null", scratch.RunInside(OpenBoth), StringComparison.Ordinal);
    }
}
