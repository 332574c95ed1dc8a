using Insula.Linux.Netlink;
using Insula.Linux.Packets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>Tells the neighbours on a link that an address is here, so that they forget where it was.</summary>
public static class AddressAnnouncement
{
    /// <summary>Sends a gratuitous ARP request or an unsolicited neighbour advertisement.</summary>
    /// <param name="link">The link, which is up and has a hardware address.</param>
    /// <param name="source">The source address of the advertisement: one of the link's own. For IPv4 without meaning.</param>
    /// <param name="address">The address that is announced.</param>
    /// <exception cref="LinuxException">It cannot be sent.</exception>
    public static void Send(LinkInfo link, IpAddress source, IpAddress address)
    {
        if (link.Mac is not { } own)
            throw new LinuxException("announce an address on", $"link {link.Name}", Errno.EOPNOTSUPP, "it has no hardware address");
        using var socket = new PacketSocket(link, address.Family == IpFamily.IPv4 ? ArpPacket.EtherType : NeighbourPacket.EtherType);
        socket.Send(address.Family == IpFamily.IPv4
            ? ArpPacket.Announcement(own, address).ToFrame(ArpPacket.Broadcast, own)
            : NeighbourPacket.Announcement(own, source, address));
    }

    /// <summary>As <see cref="Send"/> with the link's own link-local address as the source, or the announced one where it has none.</summary>
    public static void Send(RouteSocket host, LinkInfo link, IpAddress address)
    {
        var source = address;
        foreach (var known in address.Family == IpFamily.IPv6 ? host.Addresses(link.Index) : [])
        {
            if (known.Address is { Family: IpFamily.IPv6, IsLinkLocal: true })
                source = known.Address;
        }
        Send(link, source, address);
    }

    /// <summary>True for the text of an IPv6 address.</summary>
    public static bool IsIPv6(string text) => IpAddress.TryParse(text, out var address) && address.Family == IpFamily.IPv6;

    /// <summary>What ndsend does: announces an IPv6 address on a link that is named.</summary>
    /// <exception cref="InsulaException">3: there is no such link.</exception>
    public static void SendIPv6(string address, string name)
    {
        using var socket = RouteSocket.Open();
        var link = socket.FindLink(InterfaceName.Parse(name).Value)
            ?? throw new InsulaException(ExitCode.SystemError, $"Unknown network interface {name}");
        Send(socket, link, IpAddress.Parse(address));
    }
}
