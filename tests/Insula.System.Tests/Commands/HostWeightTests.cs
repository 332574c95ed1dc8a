namespace Insula.System.Tests.Commands;

public class HostWeightTests
{
    [Fact]
    public void The_hosts_units_count_against_the_containers_tree_at_once_and_when_it_is_made()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        Assert.Contains("first container", host.Vzctl("set", "0", "--cpuunits", "2000").Succeeds().Error, StringComparison.Ordinal);
        Assert.False(File.Exists(host.ConfigFile(0)));
        Assert.Contains("first container", host.Vzctl("set", "0", "--cpuunits", "2000", "--save").Succeeds().Error, StringComparison.Ordinal);
        Assert.Contains("CPUUNITS=\"2000\"", File.ReadAllText(host.ConfigFile(0)), StringComparison.Ordinal);
        host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Contains(Weight(host), (string[])["512", "50"]);
        host.Vzctl("set", "0", "--cpuunits", "500").Succeeds();
        Assert.Contains(Weight(host), (string[])["2048", "200"]);
        host.Vzctl("set", "0", "--cpulimit", "50").Fails(21);
    }

    // cpu.shares of v1, cpu.weight of v2.
    private static string Weight(CommandHost host)
    {
        var shares = $"/sys/fs/cgroup/cpu/{host.CgroupName}/cpu.shares";
        return File.ReadAllText(File.Exists(shares) ? shares : $"/sys/fs/cgroup/{host.CgroupName}/cpu.weight").Trim();
    }
}
