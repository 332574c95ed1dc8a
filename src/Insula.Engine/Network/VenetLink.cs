using Insula.Engine.Containers;
using Insula.Engine.Network.Guard;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>Makes the link of a container to the routed network, and sets what the host takes from it.</summary>
internal sealed class VenetLink(RouteSocket host, VenetOptions options)
{
    /// <summary>The link as the guard knows it.</summary>
    public static GuardedLink Guarded(Ctid ctid, IReadOnlyList<IpAddress> addresses, IReadOnlyList<IpAddress> shared)
        => new(ctid, VenetName.OnHost(ctid).Value) { IsRouted = true, Addresses = addresses, Shared = shared };

    /// <summary>Makes it: the host's end up and guarded, the container's end there but down. One that is there is replaced.</summary>
    public void Create(Ctid ctid, LinkNamespace containerNamespace, GuardedLink guarded)
    {
        host.DeleteLink(guarded.Link);
        Make(ctid, guarded.Link, containerNamespace);
        var link = host.FindLink(guarded.Link)
            ?? throw new InsulaException(ExitCode.AddAddress, $"The link {guarded.Link} of CT {ctid} has gone as soon as it was made");
        using var guard = NetworkGuard.TryOpen();
        guard?.Set(guarded);
        // The filter would not let through what is not routed here; without the guard nothing else is let through.
        RestrictIPv4(link, reversePath: guarded.Shared.Count == 0 || guard is null ? 1 : 0);
        if (LinkSysctl.HasIPv6)
            RestrictIPv6(link);
        host.ChangeLink(link.Index, new LinkChange { Up = true });
    }

    /// <summary>Switches the reverse path filter, which IPv4 addresses that are not routed to the container do not pass.</summary>
    public void SetReversePathFilter(LinkInfo link, bool on) => host.SetIPv4Settings(link.Index, (IPv4LinkSetting.ReversePathFilter, on ? 1 : 0));

    private void Make(Ctid ctid, string name, LinkNamespace containerNamespace)
    {
        if (options.Device != VenetDevice.Veth)
        {
            try
            {
                host.CreateNetkit(name, VenetName.Inside, containerNamespace);
                return;
            }
            catch (LinuxException error) when (options.Device == VenetDevice.Auto && error.Errno == Errno.EOPNOTSUPP)
            {
                // This kernel has none.
            }
        }
        var mac = VenetName.Mac(ctid);
        host.CreateVeth(new VethEnd(name, mac, NoArp: true), new VethEnd(VenetName.Inside, mac, NoArp: true), containerNamespace);
    }

    // What comes out of a container is hostile. rp_filter 1: a packet's source must be routed to this link. The redirects of a container
    // are not believed. Forwarding is also said per link, since net.ipv4.conf.default may say otherwise.
    private void RestrictIPv4(LinkInfo link, int reversePath)
        => host.SetIPv4Settings(
            link.Index,
            (IPv4LinkSetting.ReversePathFilter, reversePath),
            (IPv4LinkSetting.Forwarding, 1),
            (IPv4LinkSetting.AcceptRedirects, 0),
            (IPv4LinkSetting.SendRedirects, 0),
            (IPv4LinkSetting.AcceptSourceRoute, 0));

    // No link-local address: with equal hardware addresses the two ends would choose the same one.
    private void RestrictIPv6(LinkInfo link)
    {
        host.SetIPv6AddressGeneration(link.Index, IPv6AddressGeneration.None);
        LinkSysctl.SetIPv6(link.Name, "accept_ra", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_redirects", 0);
        LinkSysctl.SetIPv6(link.Name, "accept_source_route", 0);
        LinkSysctl.SetIPv6(link.Name, "forwarding", 1);
    }
}
