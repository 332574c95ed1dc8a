namespace Insula.Linux.Netlink;

/// <summary>A network link, as "ip -d link" shows it.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name, unique in its namespace.</param>
/// <param name="Flags">Up, no ARP, loopback, ...</param>
/// <param name="Mtu">Largest packet, bytes.</param>
/// <param name="Mac">Its hardware address; null if it has none, or none of six bytes.</param>
/// <param name="Kind">"veth", "bridge", ...; null for a physical link and lo.</param>
/// <param name="PeerIndex">Index of the link it sits on or is paired with (IFLA_LINK), in that link's own namespace; 0 if there is none.</param>
/// <param name="PeerIsElsewhere">True if that other link is in another namespace.</param>
/// <param name="MasterIndex">Index of the bridge, bond or VRF it belongs to; 0 if there is none.</param>
public sealed record LinkInfo(
    int Index, string Name, LinkFlags Flags, int Mtu, MacAddress? Mac, string? Kind, int PeerIndex, bool PeerIsElsewhere, int MasterIndex)
{
    /// <summary>A line of text that somebody has attached to it ("ip link set alias"); null if there is none.</summary>
    public string? Alias { get; init; }

    /// <summary>The number under which this namespace knows the one that the link of <see cref="PeerIndex"/> is in; null: this one. It stays the same.</summary>
    public int? PeerNamespace { get; init; }

    /// <summary>Its queueing discipline: "noqueue", "htb", ...; null if the kernel does not say.</summary>
    public string? Discipline { get; init; }

    /// <summary>True for a bridge that keeps VLANs apart.</summary>
    public bool FiltersVlans { get; init; }

    /// <summary>True while the link is administratively up.</summary>
    public bool IsUp => Flags.HasFlag(LinkFlags.Up);

    internal static bool TryParse(NetlinkMessage message, out LinkInfo link)
    {
        link = null!;
        if (message.Type != NetlinkMessageType.NewLink)
            return false;
        var header = message.Fixed<LinkHeader>();
        var name = "";
        string? kind = null, alias = null, discipline = null;
        MacAddress? mac = null;
        int mtu = 0, peer = 0, master = 0;
        int? elsewhere = null;
        var filtersVlans = false;
        var attributes = message.AttributesAfter<LinkHeader>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Ifla.Name: name = attributes.Text(); break;
                case Ifla.Mtu: mtu = attributes.Int32(); break;
                case Ifla.Link: peer = attributes.Int32(); break;
                case Ifla.Alias: alias = attributes.Text(); break;
                case Ifla.QueueDiscipline: discipline = attributes.Text(); break;
                case Ifla.LinkNetNsId: elsewhere = attributes.Int32(); break;
                case Ifla.Master: master = attributes.Int32(); break;
                case Ifla.LinkInfo: (kind, filtersVlans) = ReadInfo(attributes.Nested()); break;
                case Ifla.Address: mac = MacAddress.TryFromBytes(attributes.Value, out var address) ? address : null; break;
                default: break;
            }
        }
        link = new LinkInfo(header.Index, name, (LinkFlags)header.Flags, mtu, mac, kind, peer, elsewhere is not null, master) { Alias = alias, Discipline = discipline, PeerNamespace = elsewhere, FiltersVlans = filtersVlans };
        return true;
    }

    private static (string? Kind, bool FiltersVlans) ReadInfo(AttributeReader info)
    {
        string? kind = null;
        var filtersVlans = false;
        while (info.Next())
        {
            if (info.Type == Ifla.InfoKind)
                kind = info.Text();
            else if (info.Type == Ifla.InfoData && kind == "bridge")
                filtersVlans = ReadFiltersVlans(info.Nested());
        }
        return (kind, filtersVlans);
    }

    private static bool ReadFiltersVlans(AttributeReader bridge)
    {
        while (bridge.Next())
        {
            if (bridge.Type == Ifla.BridgeVlanFiltering)
                return bridge.Value is [not 0];
        }
        return false;
    }
}
