using Insula.Engine.Host;
using Insula.Engine.Network;

namespace Insula.Engine.Tests.Network;

public sealed class HostForwardingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-sysctl-").FullName;

    private SysctlTree Tree => new(_directory);

    public HostForwardingTests()
    {
        Write("net/ipv4/ip_forward", "0");
        Write("net/ipv6/conf/all/forwarding", "0");
        Write("net/ipv6/conf/all/proxy_ndp", "0");
        Write("net/ipv6/conf/all/accept_ra", "1");
        Write("net/ipv6/conf/eth0/accept_ra", "1");
        Write("net/ipv6/conf/eth1.5/accept_ra", "0");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Write(string path, string value)
    {
        var file = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, value + "\n");
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(_directory, path)).Trim();

    [Fact]
    public void A_host_becomes_a_router_and_keeps_its_own_default_route()
    {
        var changes = new HostForwarding(Tree).Enable();
        Assert.Equal(["1", "1", "1", "2", "0"], new[]
        {
            "net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/ipv6/conf/all/proxy_ndp", "net/ipv6/conf/eth0/accept_ra", "net/ipv6/conf/eth1.5/accept_ra",
        }.Select(Read));
        Assert.Contains("net.ipv4.ip_forward = 1 (was 0)", changes.Select(change => change.ToString()));
        // Forwarding must not be on for a moment while router advertisements are still refused.
        Assert.True(changes.ToList().FindIndex(c => c.Path.EndsWith("accept_ra", StringComparison.Ordinal))
            < changes.ToList().FindIndex(c => c.Path == "net/ipv6/conf/all/forwarding"));
    }

    [Fact]
    public void A_second_time_there_is_nothing_to_change()
    {
        new HostForwarding(Tree).Enable();
        Assert.Empty(new HostForwarding(Tree).Enable());
    }

    [Fact]
    public void Changes_can_be_taken_back()
    {
        Tree.Restore(new HostForwarding(Tree).Enable());
        Assert.Equal("0", Read("net/ipv4/ip_forward"));
        Assert.Equal("1", Read("net/ipv6/conf/eth0/accept_ra"));
    }

    [Fact]
    public void A_host_without_IPv6_gets_IPv4_only()
    {
        Directory.Delete(Path.Combine(_directory, "net/ipv6"), recursive: true);
        Assert.Single(new HostForwarding(Tree).Enable());
    }
}
