using System.Buffers.Binary;
using System.Globalization;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Firewall;

/// <summary>Ports from one to another: <c>22</c>, <c>8000-8100</c>.</summary>
/// <param name="First">The first, from 1.</param>
/// <param name="Last">The last, not below the first.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>How many there are.</summary>
    public int Count => Last - First + 1;

    /// <summary>True if both have one in common.</summary>
    public bool Overlaps(PortRange other) => First <= other.Last && other.First <= Last;

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out PortRange ports)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        ports = default;
        if (!TryNumber(dash < 0 ? text : text.AsSpan(0, dash), out var first) || !TryNumber(dash < 0 ? text : text.AsSpan(dash + 1), out var last) || last < first)
            return false;
        ports = new PortRange(first, last);
        return true;
    }

    /// <summary>As the kernel takes them, with what overlaps or touches joined.</summary>
    public static IReadOnlyList<NftRange> Ranges(IEnumerable<PortRange> ports)
    {
        var joined = new List<PortRange>();
        foreach (var range in ports.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
                joined[^1] = new PortRange(joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else
                joined.Add(range);
        }
        return [.. joined.Select(range => new NftRange(Bytes(range.First), range.Last == ushort.MaxValue ? null : Bytes((ushort)(range.Last + 1))))];
    }

    /// <summary>A port in network byte order.</summary>
    public static byte[] Bytes(ushort port)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, port);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString()
        => First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryNumber(ReadOnlySpan<char> text, out ushort port)
        => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0 && text[0] != '0';
}
