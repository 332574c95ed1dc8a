using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Bridges;

/// <summary>A bridge that is to be made.</summary>
/// <param name="Name">Its name.</param>
public sealed record BridgeSettings(string Name)
{
    /// <summary>A link of the host that it is to reach the network by; null: none.</summary>
    public string? Uplink { get; init; }

    /// <summary>The host's own addresses on it.</summary>
    public IReadOnlyList<IpPrefix> Addresses { get; init; } = [];

    /// <summary>True if it keeps VLANs apart.</summary>
    public bool VlanAware { get; init; }

    /// <summary>Reads BRIDGES of vz.conf: <c>name=br0,uplink=eth1,address=10.0.0.1/24,vlan_aware=yes;name=br1</c>.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static IReadOnlyList<BridgeSettings> ParseList(string text)
    {
        var all = new List<BridgeSettings>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var one = new BridgeSettings("");
            foreach (var field in part.Split(',', StringSplitOptions.TrimEntries))
                one = field.Split('=', 2) is [var key, var value] ? one.With(key, value) : throw Bad(field);
            if (one.Name.Length == 0)
                throw Bad(part);
            all.Add(one);
        }
        return all;
    }

    private BridgeSettings With(string key, string value) => key switch
    {
        "name" => this with { Name = InterfaceName.Parse(value).Value },
        "uplink" => this with { Uplink = InterfaceName.Parse(value).Value },
        "address" => this with { Addresses = [.. Addresses, IpPrefix.Parse(value)] },
        "vlan_aware" when value is "yes" or "no" => this with { VlanAware = value == "yes" },
        _ => throw Bad($"{key}={value}"),
    };

    private static InsulaException Bad(string what)
        => new(ExitCode.BadValue, $"Bad value of BRIDGES: \"{what}\"", "it is name=BRIDGE[,uplink=LINK][,address=ADDRESS/MASK][,vlan_aware=yes]; several are divided by semicolons");
}
