using Insula.Engine.Containers;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>
/// How the two ends of a container's venet link are called: <c>venet101</c> on the host, <c>venet0</c> inside, as OpenVZ's users
/// and scripts know it. The longest, <c>venet2147483644</c>, has just the 15 bytes that the kernel allows.
/// </summary>
public static class VenetName
{
    /// <summary>How the names of all containers' links begin.</summary>
    internal const string Stem = "venet";

    /// <summary>The name inside every container.</summary>
    public const string Inside = "venet0";

    /// <summary>The name of a container's link on the host.</summary>
    public static InterfaceName OnHost(Ctid ctid)
        => ctid.IsHost
            ? throw new ArgumentException("the host has no venet link of its own", nameof(ctid))
            : InterfaceName.Parse($"{Stem}{ctid}");

    /// <summary>Whose link that is, seen from the host; false if it is no container's.</summary>
    public static bool TryParseOnHost(ReadOnlySpan<char> link, out Ctid ctid)
    {
        ctid = default;
        return link.StartsWith(Stem, StringComparison.Ordinal) && Ctid.TryParse(link[Stem.Length..], out ctid) && !ctid.IsHost;
    }

    /// <summary>
    /// The hardware address of both ends, <c>02:49:00:00:00:65</c> for CT 101. A link without ARP sends every frame to its own
    /// address, so the ends must share one; and udev leaves an address alone that was set by hand. The first byte says
    /// "locally administered"; the number keeps what is derived from it (UUIDs, DUIDs) different in each container.
    /// </summary>
    public static MacAddress Mac(Ctid ctid) => new(0x0249_0000_0000UL | (uint)ctid.Value);
}
