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

    [Fact]
    public void A_network_card_is_a_containers_while_it_runs_and_comes_back_also_when_its_init_is_killed()
    {
        var before = hosts.First.Run("ip -o addr show dev eth1 scope global; cat /sys/class/net/eth1/address");
        hosts.First.Run("vzctl create 121 --ostemplate busybox && vzctl set 121 --netdev_add eth1 --save && vzctl start 121");
        Assert.NotEqual(0, hosts.First.TryRun("ip link show dev eth1").Code);
        hosts.First.Run("vzctl exec2 121 'ip link set eth1 name card; ip addr add 10.77.0.21/24 dev card; ip -6 addr add fd77::21/64 dev card; ip link set card up'");
        AssertReach(hosts.First, 121, "10.77.0.2", "fd77::2");
        hosts.First.Run("kill -9 $(cut -d' ' -f1 /run/insula/121/init); until vzctl status 121 | grep -q down; do sleep 1; done; for i in $(seq 60); do vzctl destroy 121 && break; sleep 1; done; test ! -e /etc/vz/conf/121.conf");
        Assert.Equal(before, hosts.First.Run("ip -o addr show dev eth1 scope global; cat /sys/class/net/eth1/address"));
        hosts.First.Run("ping -c 5 -W 10 10.77.0.2");
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
