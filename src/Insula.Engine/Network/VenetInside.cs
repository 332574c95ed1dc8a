using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>
/// The container's end of venet. What is found there may be the doing of the container's root: it is taken as it comes, and
/// whoever breaks it breaks only his own container's network.
/// </summary>
internal static class VenetInside
{
    // "lo" has index 1 in every network namespace (LOOPBACK_IFINDEX of the kernel).
    private const int LoopbackIndex = 1;

    public static void Configure(RouteSocket inside, IReadOnlyList<IpPrefix> addresses)
    {
        // The kernel gives lo 127.0.0.1/8 and ::1 when it goes up.
        inside.ChangeLink(LoopbackIndex, new LinkChange { Up = true });
        var link = RequireLink(inside);
        if (LinkSysctl.HasIPv6)
            inside.SetIPv6AddressGeneration(link.Index, IPv6AddressGeneration.None);
        // Without this, deleting the first IPv4 address of a network takes the others of that network with it.
        inside.SetIPv4Settings(link.Index, (IPv4LinkSetting.PromoteSecondaries, 1));
        inside.ChangeLink(link.Index, new LinkChange { Up = true });
        foreach (var prefix in addresses)
            Add(inside, link.Index, prefix);
    }

    public static void Add(RouteSocket inside, IpPrefix prefix, UndoStack undo)
    {
        try
        {
            if (Add(inside, RequireLink(inside).Index, prefix))
                undo.Push($"remove address {prefix} from the container", () => Remove(inside, [prefix.Address]));
        }
        catch (Linux.Syscalls.LinuxException error)
        {
            throw VenetRoutes.Failure(error);
        }
    }

    public static void Remove(RouteSocket inside, IReadOnlyCollection<IpAddress> addresses)
    {
        if (inside.FindLink(VenetName.Inside) is not { } link)
            return;
        var gone = addresses.ToHashSet();
        foreach (var known in inside.Addresses(link.Index))
        {
            if (gone.Contains(known.Address))
                inside.DeleteAddress(link.Index, known.Address, known.PrefixLength);
        }
    }

    // The default route goes with an IPv4 link's last address, so it is looked after with each. One that is there is left alone.
    private static bool Add(RouteSocket inside, int link, IpPrefix prefix)
    {
        var isNew = inside.AddAddress(link, prefix.Address, prefix.Length);
        inside.AddRoute(new Route { Family = prefix.Address.Family, LinkIndex = link });
        return isNew;
    }

    private static LinkInfo RequireLink(RouteSocket inside)
        => inside.FindLink(VenetName.Inside)
            ?? throw new InsulaException(
                ExitCode.AddAddress, $"The container has no {VenetName.Inside}", "root in the container may have deleted or renamed it; restart the container");
}
