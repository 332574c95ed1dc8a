namespace Insula.RefHost.Tests;

public class VenetAcrossHostsTests(WiredHosts hosts) : IClassFixture<WiredHosts>
{
    [Fact]
    public void A_container_reaches_one_on_another_host_that_answers_for_its_address_on_the_link()
    {
        Start(hosts.First, 101, "10.77.0.101", "fd77::101");
        Start(hosts.Second, 102, "10.77.0.102", "fd77::102");
        AssertReach(hosts.First, 101, "10.77.0.102", "fd77::102");
        AssertReach(hosts.Second, 102, "10.77.0.101", "fd77::101");
    }

    [Fact]
    public void A_container_reaches_one_on_another_host_to_which_the_hosts_have_routes()
    {
        hosts.First.Run("ip route replace 10.78.2.0/24 via 10.77.0.2 && ip -6 route replace fd78:2::/64 via fd77::2");
        hosts.Second.Run("ip route replace 10.78.1.0/24 via 10.77.0.1 && ip -6 route replace fd78:1::/64 via fd77::1");
        Start(hosts.First, 111, "10.78.1.1", "fd78:1::1");
        Start(hosts.Second, 112, "10.78.2.1", "fd78:2::1");
        AssertReach(hosts.First, 111, "10.78.2.1", "fd78:2::1");
        AssertReach(hosts.Second, 112, "10.78.1.1", "fd78:1::1");
    }

    private static void Start(ReferenceHost host, int ctid, params string[] addresses)
    {
        host.Run($"vzctl create {ctid} --ostemplate busybox && vzctl set {ctid} {string.Join(' ', addresses.Select(a => $"--ipadd {a}"))} --save && vzctl start {ctid}");
    }

    // Of several packets the first may find no neighbour known yet.
    private static void AssertReach(ReferenceHost host, int ctid, params string[] addresses)
    {
        foreach (var address in addresses)
            host.Run($"vzctl exec2 {ctid} ping -c 5 -W 10 {address}");
    }
}
