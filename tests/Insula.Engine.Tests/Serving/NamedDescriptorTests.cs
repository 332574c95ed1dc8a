using Insula.Engine.Serving;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Serving;

/// <summary>What the daemon's processes tell each other of their descriptors.</summary>
public sealed class NamedDescriptorTests
{
    private const string Four = "connection=3 requests=4 lock=5 listener=6";

    [Fact]
    public void A_process_passes_on_descriptors_whose_names_it_does_not_know()
    {
        var role = DaemonRole.Parse(["--worker", "9", .. Four.Split(' '), "listener-101=12"])!;
        Assert.Equal(DaemonKind.Worker, role.Kind);
        Assert.Equal(9, role.Keeper);
        Assert.Equal(12, role.Descriptors["listener-101"]);
        Assert.Equal(["insulad", "--worker", "9", .. Four.Split(' '), "listener-101=12"], role.Arguments());
        var heir = (role with { Kind = DaemonKind.Heir }).Arguments();
        Assert.Equal(["insulad", "--heir", .. Four.Split(' '), "listener-101=12"], heir);
        Assert.Equal(role.Descriptors, DaemonRole.Parse([.. heir.Skip(1)])!.Descriptors);
    }

    [Theory]
    [InlineData("--worker 9")]
    [InlineData("--worker x connection=3 requests=4 lock=5 listener=6")]
    [InlineData("--heir connection=3 requests=4 lock=5")]
    [InlineData("--heir connection=3 requests=4 lock=5 listener=6 listener=7")]
    [InlineData("--heir connection=3 requests=4 lock=5 listener=-6")]
    [InlineData("--heir connection=3 requests=4 lock=5 listener=6 a/b=7")]
    [InlineData("--leaver 3 4 5 6")]
    public void Arguments_that_do_not_name_what_every_daemon_has_are_none(string line) => Assert.Null(DaemonRole.Parse(line.Split(' ')));

    [Theory]
    [InlineData("100 123456 " + Four + "\n")]
    [InlineData("100 123456 3 4 5 6\n")]
    public void The_state_file_is_understood_with_names_and_as_it_was_without(string text)
    {
        var (pid, started, descriptors) = DaemonState.Parse(text)!.Value;
        Assert.Equal((100, 123456UL), (pid, started));
        Assert.Equal([("connection", 3), ("listener", 6), ("lock", 5), ("requests", 4)], descriptors.Select(entry => (entry.Key, entry.Value)).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("100 123456\n")]
    [InlineData("100 123456 3 4 5\n")]
    [InlineData("100 -1 3 4 5 6\n")]
    public void A_state_file_that_says_something_else_names_no_daemon(string text) => Assert.Null(DaemonState.Parse(text));

    [Fact]
    public void A_descriptor_that_is_replaced_or_removed_is_closed()
    {
        using var named = new NamedDescriptors();
        var first = Files.Open("/dev/null", OpenFlags.ReadOnly);
        var second = Files.Open("/dev/null", OpenFlags.ReadOnly);
        named.Set("a", first);
        named.Set("a", second);
        Assert.True(first.IsClosed);
        Assert.Equal([$"a={second.Number}"], named.Words);
        Assert.True(named.Remove("a"));
        Assert.True(second.IsClosed);
        Assert.False(named.Remove("a"));
    }
}
