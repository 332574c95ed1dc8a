using System.Globalization;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Devices;

/// <summary>
/// A network device of the host that a container has: what it was before, and by what it is known again. A container's root can rename and delete it,
/// and make another of its name.
/// </summary>
/// <param name="Name">Its name on the host.</param>
public sealed record HandedDevice(string Name)
{
    private const int Fields = 9;

    /// <summary>Its number in the container; 0: it was still on the host.</summary>
    public int Index { get; init; }

    /// <summary>What it is; null: a physical device, of which a container can make none.</summary>
    public string? Kind { get; init; }

    /// <summary>The number of the link below it, as the container sees it.</summary>
    public int Below { get; init; }

    /// <summary>The number of the namespace of the link below it, as the container sees it.</summary>
    public int? BelowNamespace { get; init; }

    /// <summary>Whether it was up.</summary>
    public bool WasUp { get; init; }

    /// <summary>Its largest packet.</summary>
    public int Mtu { get; init; }

    /// <summary>Its hardware address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>Addresses of the host that it carried.</summary>
    public IReadOnlyList<(IpAddress Address, int Length)> Addresses { get; init; } = [];

    /// <summary>A device as it is on the host.</summary>
    public static HandedDevice Of(LinkInfo link, IEnumerable<AddressInfo> addresses) => new(link.Name)
    {
        Kind = link.Kind,
        WasUp = link.IsUp,
        Mtu = link.Mtu,
        Mac = link.Mac,
        Addresses = [.. addresses.Where(known => !known.Address.IsLinkLocal).Select(known => (known.Address, known.PrefixLength))],
    };

    /// <summary>The same, having arrived in the container.</summary>
    public HandedDevice ArrivedAs(LinkInfo there) => this with { Index = there.Index, Below = there.PeerIndex, BelowNamespace = there.PeerNamespace };

    /// <summary>True if a link in the container can only be this device.</summary>
    public bool IsSame(LinkInfo there)
        => there.Kind == Kind && (Index == 0 ? there.Name == Name : there.Index == Index && there.PeerIndex == Below && there.PeerNamespace == BelowNamespace);

    /// <summary>A line of text: <c>eth1.7 5 vlan 3 0 up 1500 00:18:51:00:00:01 192.0.2.1/24,2001:db8::1/64</c>; what there is not is -.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} {Index} {Kind ?? "-"} {Below} {BelowNamespace?.ToString(CultureInfo.InvariantCulture) ?? "-"} {(WasUp ? "up" : "down")} {Mtu} {Mac?.ToString() ?? "-"} {AddressText()}");

    /// <summary>Reads such a line.</summary>
    public static bool TryParse(string line, out HandedDevice device)
    {
        device = null!;
        var fields = line.Split(' ');
        if (fields.Length != Fields || !TryNumber(fields[1], out var index) || !TryNumber(fields[3], out var below) || !TryNumber(fields[6], out var mtu))
            return false;
        device = new HandedDevice(fields[0])
        {
            Index = index,
            Kind = fields[2] == "-" ? null : fields[2],
            Below = below,
            BelowNamespace = TryNumber(fields[4], out var number) ? number : null,
            WasUp = fields[5] == "up",
            Mtu = mtu,
            Mac = MacAddress.TryParse(fields[7], out var mac) ? mac : null,
            Addresses = [.. fields[8].Split(',').Where(text => text != "-").Select(Read)],
        };
        return true;
    }

    private string AddressText() => Addresses.Count == 0 ? "-" : string.Join(',', Addresses.Select(known => $"{known.Address}/{known.Length}"));

    private static (IpAddress, int) Read(string text)
        => text.Split('/') is [var address, var length] ? (IpAddress.Parse(address), int.Parse(length, CultureInfo.InvariantCulture)) : throw new FormatException(text);

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
