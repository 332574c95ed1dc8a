namespace Insula.Linux.Netlink;

/// <summary>An address of a link.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Address">The link's own address; on a point-to-point link the local one.</param>
/// <param name="PrefixLength">Bits of the network it is in.</param>
/// <param name="Scope">Host, link or universe.</param>
public readonly record struct AddressInfo(int LinkIndex, IpAddress Address, int PrefixLength, RouteScope Scope)
{
    internal static bool TryParse(NetlinkMessage message, out AddressInfo info)
    {
        info = default;
        if (message.Type != NetlinkMessageType.NewAddress)
            return false;
        var header = message.Fixed<AddressHeader>();
        IpAddress? local = null, address = null;
        var attributes = message.AttributesAfter<AddressHeader>();
        while (attributes.Next())
        {
            if (attributes.Type == Ifa.Local)
                local = attributes.IpAddress();
            else if (attributes.Type == Ifa.Address)
                address = attributes.IpAddress();
        }
        if ((local ?? address) is not { } own)
            return false;
        info = new AddressInfo(header.Index, own, header.PrefixLength, header.Scope);
        return true;
    }
}
