namespace Insula.Engine.Network;

/// <summary>NEIGHBOUR_DEVS of vz.conf: on which links the host answers (ARP, NDP) for its containers' addresses.</summary>
public sealed class NeighbourDevices
{
    private readonly List<string>? _listed;

    private NeighbourDevices(NeighbourDevicesMode mode, List<string>? listed = null)
    {
        Mode = mode;
        _listed = listed;
    }

    /// <summary>Every suitable link. The default.</summary>
    public static NeighbourDevices All { get; } = new(NeighbourDevicesMode.All);

    /// <summary>The link by which a packet to the address would leave, if it is suitable.</summary>
    public static NeighbourDevices Detect { get; } = new(NeighbourDevicesMode.Detect);

    /// <summary>None: something else brings the addresses' packets to this host.</summary>
    public static NeighbourDevices None { get; } = new(NeighbourDevicesMode.None);

    /// <summary>How the links are chosen.</summary>
    public NeighbourDevicesMode Mode { get; }

    /// <summary>Takes <c>all</c>, <c>detect</c>, <c>none</c> and <c>list:eth0 eth1</c>.</summary>
    /// <exception cref="InsulaException">BadValue.</exception>
    public static NeighbourDevices Parse(string text)
    {
        const string list = "list:";
        if (text.StartsWith(list, StringComparison.Ordinal))
        {
            var names = new List<string>();
            foreach (var name in text[list.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                names.Add(InterfaceName.Parse(name).Value);
            return new NeighbourDevices(NeighbourDevicesMode.List, names);
        }
        return text switch
        {
            "all" or "" => All,
            "detect" => Detect,
            "none" => None,
            _ => throw new InsulaException(
                ExitCode.BadValue, $"Bad value of NEIGHBOUR_DEVS: \"{text}\"", "it is all, detect, none or list:LINK LINK ..."),
        };
    }

    /// <summary>True if a link of that name may be chosen at all.</summary>
    public bool Admits(string link) => _listed is null ? Mode != NeighbourDevicesMode.None : _listed.Contains(link);

    /// <inheritdoc/>
    public override string ToString() => Mode switch
    {
        NeighbourDevicesMode.All => "all",
        NeighbourDevicesMode.Detect => "detect",
        NeighbourDevicesMode.None => "none",
        _ => $"list:{string.Join(' ', _listed!)}",
    };
}
