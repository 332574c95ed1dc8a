using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Interfaces;

/// <summary>
/// The container's end of an interface while the container runs. At a start its own network service does this, by the files that were written for it.
/// </summary>
internal static class InterfaceInside
{
    /// <summary>Brings it up with its addresses and routers.</summary>
    public static void Configure(RouteSocket inside, NetworkInterface wanted)
    {
        if (inside.FindLink(wanted.Name) is not { } link)
            return;
        inside.ChangeLink(link.Index, new LinkChange { Up = true });
        foreach (var prefix in wanted.Addresses)
            inside.AddAddress(link.Index, prefix.Address, prefix.Length);
        foreach (var gateway in (IpAddress?[])[wanted.Gateway4, wanted.Gateway6])
        {
            if (gateway is { IsUnspecified: false } router)
                inside.AddRoute(new Route { Family = router.Family, Gateway = router, LinkIndex = link.Index, OnLink = true });
        }
    }

    /// <summary>Takes away addresses and routers that are no longer wanted, and adds those that are.</summary>
    public static void Change(RouteSocket inside, NetworkInterface before, NetworkInterface wanted)
    {
        if (inside.FindLink(wanted.Name) is not { } link)
            return;
        foreach (var prefix in before.Addresses.Except(wanted.Addresses))
            inside.DeleteAddress(link.Index, prefix.Address, prefix.Length);
        foreach (var (old, now) in ((IpAddress?, IpAddress?)[])[(before.Gateway4, wanted.Gateway4), (before.Gateway6, wanted.Gateway6)])
        {
            if (old is { IsUnspecified: false } router && old != now)
                inside.DeleteRoute(new Route { Family = router.Family, Gateway = router, LinkIndex = link.Index, Protocol = 0 });
        }
        if (wanted.Addresses.Count > 0 || wanted.Gateway4 is not null || wanted.Gateway6 is not null)
            Configure(inside, wanted);
    }
}
