using Insula.Engine.Host;

namespace Insula.Engine.Tests.Host;

public sealed class HostLimitsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-limits-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string PathOf(string path) => Path.Combine(_directory, path);

    private void Write(string path, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), value + "\n");
    }

    [Fact]
    public void What_is_too_low_is_raised_and_what_is_higher_stays()
    {
        Write("fs/inotify/max_user_instances", "128");
        Write("fs/aio-max-nr", "9999999");
        Write("kernel/pid_max", "4194304");
        var changes = new HostLimits(new SysctlTree(_directory)).Raise();
        Assert.Equal(["fs.inotify.max_user_instances = 1048576 (was 128)"], changes.Select(change => change.ToString()));
        Assert.Equal("1048576", File.ReadAllText(PathOf("fs/inotify/max_user_instances")).Trim());
        Assert.Equal("9999999", File.ReadAllText(PathOf("fs/aio-max-nr")).Trim());
        Assert.Empty(new HostLimits(new SysctlTree(_directory)).Raise());
    }

    [Fact]
    public void A_limit_that_somebody_lowered_on_purpose_is_left_to_him()
    {
        Write("user/max_user_namespaces", "10");
        Assert.Empty(new HostLimits(new SysctlTree(_directory)).Raise());
        Assert.Equal("10", File.ReadAllText(PathOf("user/max_user_namespaces")).Trim());
    }

    [Fact]
    public void Raised_limits_can_be_taken_back_but_not_those_of_a_part_that_has_gone()
    {
        Write("fs/aio-max-nr", "65536");
        Write("net/ipv6/neigh/default/gc_thresh3", "1024");
        var tree = new SysctlTree(_directory);
        var changes = new HostLimits(tree).Raise();
        Directory.Delete(PathOf("net"), recursive: true);
        tree.Restore(changes);
        Assert.Equal("65536", File.ReadAllText(PathOf("fs/aio-max-nr")).Trim());
        Assert.False(Directory.Exists(PathOf("net")));
    }

    [Fact]
    public void A_low_limit_is_reported_with_what_it_costs()
    {
        var host = new FakeHost();
        host.Files["/proc/sys/fs/inotify/max_user_instances"] = "128";
        host.Files["/proc/sys/user/max_mnt_namespaces"] = "100";
        var items = new HostCapabilities(host).Report(HostPreparationTests.LayoutIn(_directory)).Items;
        var instances = items.Single(item => item.Name == "fs.inotify.max_user_instances");
        Assert.Equal(FeatureState.Limited, instances.State);
        Assert.Equal("128, at least 1048576 for some hundred containers", instances.Detail);
        Assert.EndsWith("; preparing the host raises it.", instances.Cost);
        Assert.EndsWith("unless somebody has set it.", items.Single(item => item.Name == "user.max_mnt_namespaces").Cost);
        Assert.Equal(FeatureState.Yes, items.Single(item => item.Name == "kernel.pid_max").State);
    }
}
