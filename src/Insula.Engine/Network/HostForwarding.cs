using Insula.Engine.Host;

namespace Insula.Engine.Network;

/// <summary>
/// Makes the host a router, which venet needs: IPv4 and IPv6 forwarding, and answers to neighbour solicitations for proxied addresses.
/// </summary>
/// <param name="tree">The kernel's settings.</param>
public sealed class HostForwarding(SysctlTree tree)
{
    private const string Reason = "venet needs a host that forwards packets";
    private const string IPv6Links = "net/ipv6/conf";

    /// <summary>Changes what is not yet as it must be, and returns that. Lasts until the host restarts.</summary>
    /// <exception cref="Linux.Syscalls.LinuxException">A setting cannot be written.</exception>
    public IReadOnlyList<SysctlChange> Enable()
    {
        var changes = new List<SysctlChange>();
        Set("net/ipv4/ip_forward", "1", changes);
        KeepRouterAdvertisements(changes);
        Set($"{IPv6Links}/all/forwarding", "1", changes);
        Set($"{IPv6Links}/all/proxy_ndp", "1", changes);
        return changes;
    }

    // A router ignores router advertisements on links with accept_ra=1, and the host would lose its IPv6 default route; 2 means
    // "even when forwarding". Must be set before forwarding is, which is why no file in sysctl.d can do all of this. Our own links
    // have 0.
    private void KeepRouterAdvertisements(List<SysctlChange> changes)
    {
        if (tree.Read($"{IPv6Links}/all/forwarding") != "0")
            return;
        foreach (var name in tree.Groups(IPv6Links))
        {
            var path = $"{IPv6Links}/{name}/accept_ra";
            if (name is not ("all" or "default" or "lo") && tree.Read(path) == "1")
                Set(path, "2", changes);
        }
    }

    private void Set(string path, string wanted, List<SysctlChange> changes) => tree.Set(path, wanted, Reason, changes);
}
