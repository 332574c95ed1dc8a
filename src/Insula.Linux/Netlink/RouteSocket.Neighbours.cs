using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

// Neighbours and neighbour proxies: rtnetlink(7) RTM_*NEIGH, linux/neighbour.h.
public sealed partial class RouteSocket
{
    /// <summary>The addresses this host answers for, on all links.</summary>
    public IReadOnlyList<NeighbourInfo> NeighbourProxies() => Neighbours(Nda.FlagProxy, "neighbour proxies");

    /// <summary>The neighbours this host knows, on all links.</summary>
    public IReadOnlyList<NeighbourInfo> Neighbours() => Neighbours(0, "neighbours");

    /// <summary>Answer for <paramref name="address"/> on a link (ip neigh add proxy). An entry that is there already is taken over.</summary>
    public void AddNeighbourProxy(int linkIndex, IpAddress address, byte protocol = Route.StaticProtocol)
    {
        var request = NewNeighbour(
            stackalloc byte[RequestSize], linkIndex, address, NetlinkMessageType.NewNeighbour, Nda.FlagProxy,
            NetlinkFlags.Create | NetlinkFlags.Replace);
        request.Attribute(Nda.Protocol, protocol);
        Execute(request, "add neighbour proxy", address.ToString());
    }

    /// <summary>Stop answering for <paramref name="address"/> on a link. False if we did not.</summary>
    public bool DeleteNeighbourProxy(int linkIndex, IpAddress address) => DeleteNeighbour(linkIndex, address, Nda.FlagProxy, "delete neighbour proxy");

    /// <summary>Makes a permanent neighbour, in place of any other of that address.</summary>
    public void SetPermanentNeighbour(int linkIndex, IpAddress address, MacAddress mac)
    {
        var request = NewNeighbour(
            stackalloc byte[RequestSize], linkIndex, address, NetlinkMessageType.NewNeighbour, 0,
            NetlinkFlags.Create | NetlinkFlags.Replace);
        request.Attribute(Nda.LinkAddress, mac);
        Execute(request, "set neighbour", address.ToString());
    }

    /// <summary>Forgets a neighbour. False if it was not known.</summary>
    public bool DeleteNeighbour(int linkIndex, IpAddress address) => DeleteNeighbour(linkIndex, address, 0, "delete neighbour");

    private List<NeighbourInfo> Neighbours(byte flags, string what)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetNeighbour, NetlinkFlags.Dump);
        request.Append(new NeighbourHeader { Flags = flags });
        return Dump<NeighbourInfo>(request, what, NeighbourInfo.TryParse);
    }

    private bool DeleteNeighbour(int linkIndex, IpAddress address, byte flags, string action)
    {
        var answer = TryExecute(
            NewNeighbour(stackalloc byte[RequestSize], linkIndex, address, NetlinkMessageType.DelNeighbour, flags, NetlinkFlags.None));
        if (answer.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ENXIO)
            return false;
        ThrowIfFailed(answer, action, address.ToString());
        return true;
    }

    internal static NetlinkWriter NewNeighbour(
        Span<byte> buffer, int linkIndex, IpAddress address, NetlinkMessageType type, byte neighbourFlags, NetlinkFlags flags)
    {
        var request = new NetlinkWriter(buffer, type, flags | NetlinkFlags.Ack);
        request.Append(new NeighbourHeader
        {
            Family = address.Family,
            Index = linkIndex,
            State = Nda.StatePermanent,
            Flags = neighbourFlags,
        });
        request.Attribute(Nda.Destination, address);
        return request;
    }
}
