using Insula.Engine.Distributions;

namespace Insula.Engine.Tests.Distributions;

public class HostResolverTests
{
    [Fact]
    public void Servers_behind_a_stub_on_the_loopback_are_found()
    {
        using var tree = new ContainerTree()
            .Add("etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch a.example b.example\n")
            .Add("run/systemd/resolve/resolv.conf", "nameserver 192.0.2.53\nnameserver 2001:db8::53\nsearch .\n");
        var resolver = HostResolver.Read(tree.PathOf(""));
        Assert.Equal(["192.0.2.53", "2001:db8::53"], resolver.Servers.Select(server => server.ToString()));
        Assert.Equal(["a.example", "b.example"], resolver.SearchDomains);
    }

    [Fact]
    public void A_host_without_a_resolver_has_none_to_give()
    {
        using var tree = new ContainerTree();
        var resolver = HostResolver.Read(tree.PathOf(""));
        Assert.Empty(resolver.Servers);
        Assert.Empty(resolver.SearchDomains);
    }
}
