namespace Insula.Linux.Netlink;

/// <summary>A neighbour, or an address this host answers for (a neighbour proxy).</summary>
/// <param name="LinkIndex">The link; 0 for an IPv6 proxy on every link.</param>
/// <param name="Address">The neighbour's address.</param>
/// <param name="Mac">Its hardware address; null for a proxy.</param>
/// <param name="IsProxy">True if this host answers for the address.</param>
/// <param name="Protocol">Who made the entry (RTPROT_*), 0 if unknown.</param>
public readonly record struct NeighbourInfo(int LinkIndex, IpAddress Address, MacAddress? Mac, bool IsProxy, byte Protocol)
{
    internal static bool TryParse(NetlinkMessage message, out NeighbourInfo info)
    {
        info = default;
        if (message.Type != NetlinkMessageType.NewNeighbour)
            return false;
        var header = message.Fixed<NeighbourHeader>();
        IpAddress? address = null;
        MacAddress? mac = null;
        byte protocol = 0;
        var attributes = message.AttributesAfter<NeighbourHeader>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                // A bridge's entries (AF_BRIDGE) have no address here but a MAC in LinkAddress.
                case Nda.Destination when IpAddress.TryFromBytes(attributes.Value, out var found): address = found; break;
                case Nda.LinkAddress when MacAddress.TryFromBytes(attributes.Value, out var found): mac = found; break;
                case Nda.Protocol: protocol = attributes.Byte(); break;
                default: break;
            }
        }
        if (address is not { } known || header.Family != known.Family)
            return false;
        info = new NeighbourInfo(header.Index, known, mac, (header.Flags & Nda.FlagProxy) != 0, protocol);
        return true;
    }
}
