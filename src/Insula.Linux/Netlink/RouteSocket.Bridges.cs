namespace Insula.Linux.Netlink;

// Bridges and their ports: rtnetlink(7) with family AF_BRIDGE, linux/if_bridge.h, linux/if_link.h.
public sealed partial class RouteSocket
{
    private const byte AF_BRIDGE = 7;

    /// <summary>Makes a bridge, which is down.</summary>
    /// <param name="name">1 to 15 bytes.</param>
    /// <param name="mac">Its hardware address, which stays whatever is attached; null: that of its ports, the lowest.</param>
    /// <param name="filtersVlans">True for one that keeps VLANs apart; EOPNOTSUPP where the kernel cannot.</param>
    public void CreateBridge(string name, MacAddress? mac = null, bool filtersVlans = false)
    {
        RequireName(name);
        var request = new NetlinkWriter(
            stackalloc byte[RequestSize], NetlinkMessageType.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        WriteEnd(ref request, new VethEnd(name, mac));
        var info = request.BeginNested(Ifla.LinkInfo);
        request.Attribute(Ifla.InfoKind, "bridge");
        if (filtersVlans)
        {
            var data = request.BeginNested(Ifla.InfoData);
            request.Attribute(Ifla.BridgeVlanFiltering, (byte)1);
            request.EndNested(data);
        }
        request.EndNested(info);
        Execute(request, "create bridge", name);
    }

    /// <summary>Attaches a link to a bridge, or takes it from the one it is attached to.</summary>
    /// <param name="index">The link.</param>
    /// <param name="bridge">The bridge's number; 0: none.</param>
    public void SetBridge(int index, int bridge)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Index = index });
        request.Attribute(Ifla.Master, (uint)bridge);
        Execute(request, bridge == 0 ? "take from its bridge link number" : "attach to a bridge link number", index.ToString());
    }

    /// <summary>Says what a bridge does with one of its ports (bridge(8), "link set").</summary>
    public void SetBridgePort(int index, BridgePort port)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Family = AF_BRIDGE, Index = index });
        var settings = request.BeginNested(Ifla.ProtocolInfo);
        request.Attribute(Ifla.BridgePortGuard, Number(port.BlocksBpdus));
        request.Attribute(Ifla.BridgePortLearning, Number(port.Learns));
        request.Attribute(Ifla.BridgePortFlood, Number(port.Floods));
        request.EndNested(settings);
        Execute(request, "set up the bridge port, link number", index.ToString());
    }

    /// <summary>Tells a bridge behind which port a station is, for good.</summary>
    public void AddStation(int index, MacAddress mac)
    {
        var request = new NetlinkWriter(
            stackalloc byte[RequestSize], NetlinkMessageType.NewNeighbour, NetlinkFlags.Create | NetlinkFlags.Replace | NetlinkFlags.Ack);
        request.Append(new NeighbourHeader { Family = (IpFamily)AF_BRIDGE, Index = index, State = Nda.StateNoArp, Flags = Nda.FlagMaster | Nda.FlagSticky });
        request.Attribute(Nda.LinkAddress, mac);
        Execute(request, "add to the bridge the station", mac.ToString());
    }

    /// <summary>Puts a port into one VLAN, whose tag it neither sends nor sees, and takes it out of all others.</summary>
    public void SetPortVlan(int index, int vlan)
    {
        const int last = 4094;
        ChangePortVlans(NetlinkMessageType.SetLink, index, Ifla.VlanPortId | Ifla.VlanUntagged, vlan, vlan);
        // What it is not in is no error.
        ChangePortVlans(NetlinkMessageType.DelLink, index, 0, 1, vlan - 1);
        ChangePortVlans(NetlinkMessageType.DelLink, index, 0, vlan + 1, last);
    }

    private void ChangePortVlans(NetlinkMessageType type, int index, ushort flags, int from, int to)
    {
        if (from > to)
            return;
        var request = new NetlinkWriter(stackalloc byte[RequestSize], type, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Family = AF_BRIDGE, Index = index });
        var families = request.BeginNested(Ifla.AfSpec);
        // struct bridge_vlan_info: flags, number
        request.Attribute(Ifla.BridgeVlanInfo, flags | (from < to ? Ifla.VlanRangeBegin : 0u) | ((uint)from << 16));
        if (from < to)
            request.Attribute(Ifla.BridgeVlanInfo, flags | (uint)Ifla.VlanRangeEnd | ((uint)to << 16));
        request.EndNested(families);
        Execute(request, $"change VLAN {from} of the bridge port, link number", index.ToString());
    }

    private static byte Number(bool on) => on ? (byte)1 : (byte)0;
}
