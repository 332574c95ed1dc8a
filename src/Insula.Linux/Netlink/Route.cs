namespace Insula.Linux.Netlink;

/// <summary>A route, as wanted or as found. <c>new Route { Destination = a, LinkIndex = 3 }</c> is "ip route add a dev ...".</summary>
public sealed record Route
{
    /// <summary>RT_TABLE_MAIN.</summary>
    public const int MainTable = 254;

    /// <summary>RTPROT_STATIC: the administrator's.</summary>
    public const byte StaticProtocol = 4;

    /// <summary>Where to; null is the default route of <see cref="Family"/>.</summary>
    public IpAddress? Destination { get; init; }

    /// <summary>Bits of <see cref="Destination"/> that count; -1 is all of them.</summary>
    public int PrefixLength { get; init; } = -1;

    /// <summary>Needed for a default route; else that of <see cref="Destination"/>.</summary>
    public IpFamily Family { get => Destination?.Family ?? field; init; }

    /// <summary>The link packets leave by; 0 if the route names none.</summary>
    public int LinkIndex { get; init; }

    /// <summary>The next router, if there is one.</summary>
    public IpAddress? Gateway { get; init; }

    /// <summary>The gateway is on the link even if no route says so.</summary>
    public bool OnLink { get; init; }

    /// <summary>The source address that packets of this host take.</summary>
    public IpAddress? Source { get; init; }

    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Null chooses as "ip route" does: link for an IPv4 route without a gateway, else universe.</summary>
    public RouteScope? Scope { get; init; }

    public int Table { get; init; } = MainTable;

    /// <summary>Who made the route (RTPROT_*); 0 in a deletion means anybody.</summary>
    public byte Protocol { get; init; } = StaticProtocol;

    /// <summary>Smaller is better; 0 is the kernel's default (0 for IPv4, 1024 for IPv6).</summary>
    public uint Metric { get; init; }

    /// <summary>True if the route is for one address only.</summary>
    public bool IsHostRoute => Destination is { } address && EffectivePrefixLength == address.BitCount;

    internal int EffectivePrefixLength => Destination is { } address ? (PrefixLength < 0 ? address.BitCount : PrefixLength) : 0;

    internal RouteScope EffectiveScope
        => Scope ?? (Family == IpFamily.IPv4 && Gateway is null && Type == RouteType.Unicast ? RouteScope.Link : RouteScope.Universe);

    /// <inheritdoc/>
    public override string ToString() => Destination is null ? "default" : $"{Destination}/{EffectivePrefixLength}";

    internal static bool TryParse(NetlinkMessage message, out Route route)
    {
        route = null!;
        if (message.Type != NetlinkMessageType.NewRoute)
            return false;
        var header = message.Fixed<RouteHeader>();
        IpAddress? destination = null, gateway = null, source = null;
        uint table = header.Table, metric = 0;
        var link = 0;
        var attributes = message.AttributesAfter<RouteHeader>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Rta.Destination: destination = attributes.IpAddress(); break;
                case Rta.OutputLink: link = attributes.Int32(); break;
                case Rta.Gateway: gateway = attributes.IpAddress(); break;
                case Rta.PreferredSource: source = attributes.IpAddress(); break;
                case Rta.Priority: metric = attributes.UInt32(); break;
                case Rta.Table: table = attributes.UInt32(); break;
                default: break;
            }
        }
        route = new Route
        {
            Family = header.Family,
            Destination = destination,
            PrefixLength = header.DestinationLength,
            LinkIndex = link,
            Gateway = gateway,
            OnLink = (header.Flags & Rta.FlagOnLink) != 0,
            Source = source,
            Type = header.Type,
            Scope = header.Scope,
            Table = (int)table,
            Protocol = header.Protocol,
            Metric = metric,
        };
        return true;
    }
}
