using Insula.Engine.Network;

namespace Insula.Engine.Tests.Network;

public sealed class HostForwardingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-sysctl-").FullName;

    public HostForwardingTests()
    {
        Write("ipv4/ip_forward", "0");
        Write("ipv6/conf/all/forwarding", "0");
        Write("ipv6/conf/all/proxy_ndp", "0");
        Write("ipv6/conf/all/accept_ra", "1");
        Write("ipv6/conf/eth0/accept_ra", "1");
        Write("ipv6/conf/eth1.5/accept_ra", "0");
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
        var changes = new HostForwarding(_directory).Enable();
        Assert.Equal(["1", "1", "1", "2", "0"], new[]
        {
            "ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv6/conf/all/proxy_ndp", "ipv6/conf/eth0/accept_ra", "ipv6/conf/eth1.5/accept_ra",
        }.Select(Read));
        Assert.Contains("net.ipv4.ip_forward = 1 (was 0)", changes.Select(change => change.ToString()));
        // Forwarding must not be on for a moment while router advertisements are still refused.
        Assert.True(changes.ToList().FindIndex(c => c.Path.EndsWith("accept_ra", StringComparison.Ordinal))
            < changes.ToList().FindIndex(c => c.Path == "ipv6/conf/all/forwarding"));
    }

    [Fact]
    public void A_second_time_there_is_nothing_to_change()
    {
        new HostForwarding(_directory).Enable();
        Assert.Empty(new HostForwarding(_directory).Enable());
    }

    [Fact]
    public void Changes_can_be_taken_back()
    {
        var forwarding = new HostForwarding(_directory);
        forwarding.Restore(forwarding.Enable());
        Assert.Equal("0", Read("ipv4/ip_forward"));
        Assert.Equal("1", Read("ipv6/conf/eth0/accept_ra"));
    }

    [Fact]
    public void A_host_without_IPv6_gets_IPv4_only()
    {
        Directory.Delete(Path.Combine(_directory, "ipv6"), recursive: true);
        Assert.Single(new HostForwarding(_directory).Enable());
    }
}
