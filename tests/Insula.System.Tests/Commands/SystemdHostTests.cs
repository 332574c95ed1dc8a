using Insula.Engine.Host;
using Insula.System.Tests.Cgroups;

namespace Insula.System.Tests.Commands;

/// <summary>On a host whose cgroup v2 hierarchy belongs to systemd: one writer for each directory, and nothing done to units harms a container.</summary>
public class SystemdHostTests
{
    private const string Slice = "/sys/fs/cgroup/insula.slice";
    private const string Unit = $"{Slice}/insula-containers.service";

    [Fact]
    public void A_container_is_below_the_unit_and_what_is_run_in_it_does_not_stand_in_its_inits_way()
    {
        using var host = Host();
        var ctid = host.Container(started: true);
        Assert.StartsWith(Unit, $"/sys/fs/cgroup/{host.CgroupName}", StringComparison.Ordinal);
        Assert.Equal("0::/insula-exec\n", host.In(ctid, "cat /proc/self/cgroup"));
        // What systemd does when it takes over its part: it leaves the root of it, then hands controllers down.
        host.In(ctid, "mkdir /sys/fs/cgroup/init.scope; for p in $(cat /sys/fs/cgroup/cgroup.procs); do echo $p > /sys/fs/cgroup/init.scope/cgroup.procs; done; echo '+memory +pids' > /sys/fs/cgroup/cgroup.subtree_control");
        Assert.Equal("memory pids\n", host.In(ctid, "cat /sys/fs/cgroup/cgroup.subtree_control"));
        Assert.NotEqual(0, host.Vzctl("exec2", $"{ctid}", "echo max > /sys/fs/cgroup/memory.max").Code);
    }

    [Fact]
    public void Reloading_and_reexecuting_systemd_leaves_containers_and_their_limits_alone()
    {
        using var host = Host();
        var ctid = host.Container(started: true);
        var before = Figures(host, ctid);
        foreach (var command in (string[])["daemon-reload", "daemon-reexec", "reset-failed", "set-property --runtime insula.slice IOWeight=100", "set-property --runtime insula-containers.service IOWeight=100"])
        {
            host.Shell($"systemctl {command}").Succeeds();
            Assert.Equal(before, Figures(host, ctid));
            Assert.Equal("here\n", host.In(ctid, "echo here"));
        }
        Assert.Contains("cpu", File.ReadAllText($"{Unit}/cgroup.subtree_control"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restart insula-containers.service")]
    [InlineData("stop insula-containers.service")]
    [InlineData("stop insula.slice")]
    [InlineData("restart insula.slice")]
    public void Units_that_hold_containers_are_not_stopped_by_hand(string command)
    {
        using var host = Host();
        var ctid = host.Container(started: true);
        var result = host.Shell($"systemctl {command}");
        Assert.NotEqual(0, result.Code);
        Assert.Contains("refuse", result.Error, StringComparison.Ordinal);
        Assert.Equal("here\n", host.In(ctid, "echo here"));
    }

    [Fact]
    public void The_unit_says_nothing_of_errors_and_stays_when_its_last_container_goes()
    {
        using (var host = Host())
            host.Container(started: true);
        Assert.True(Directory.Exists(Unit));
        using var other = Host();
        Assert.Equal("active\n", other.Shell("systemctl is-active insula-containers.service").Output);
        Assert.Equal("", other.Shell("journalctl -b -q -p warning --no-pager -u insula-containers.service -u insula.slice").Output);
    }

    [Fact]
    public void The_hosts_weight_is_given_to_systemd_where_the_tree_is_the_units_own()
    {
        using var host = Host();
        File.WriteAllText(Path.Combine(host.Base, "etc/vz.conf"), File.ReadAllText(Path.Combine(host.Base, "etc/vz.conf")).Replace($"CGROUP=\"{host.CgroupName}\"", $"CGROUP=\"{CgroupHome.Delegated}\"", StringComparison.Ordinal));
        var ctid = host.Container(started: true);
        host.Vzctl("set", "0", "--cpuunits", "2000").Succeeds();
        Assert.Equal("50", File.ReadAllText($"{Slice}/cpu.weight").Trim());
        host.Vzctl("set", "0", "--cpuunits", "1000").Succeeds();
        Assert.Equal("100", File.ReadAllText($"{Slice}/cpu.weight").Trim());
        Assert.Equal("CPUWeight=100\n", host.Shell("systemctl show -p CPUWeight insula.slice").Output);
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
    }

    private static CommandHost Host()
    {
        Assert.SkipUnless(TestTree.IsInUnit, "needs a host with cgroup v2 alone and systemd");
        return new CommandHost();
    }

    private static string Figures(CommandHost host, int ctid)
        => string.Join(' ', ((string[])["memory.max", "memory.swap.max", "pids.max", "cpu.weight", "cpu.max", "cpuset.cpus"]).Select(file => host.Cgroup("", ctid, file)));
}
