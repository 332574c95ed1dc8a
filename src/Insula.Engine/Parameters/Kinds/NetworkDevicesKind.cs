using System.Buffers;
using Insula.Engine.Network;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>NETDEV: names of the host's network devices, separated by blanks: <c>eth1 eth2.7</c>.</summary>
public sealed class NetworkDevicesKind : TextListKind
{
    // As vzctl has them: what every container has, and what is made in it.
    private static readonly string[] s_refused = ["venet", "tun", "tap", "lo"];

    // What means something to the file or to a shell that reads it.
    private static readonly SearchValues<char> s_special = SearchValues.Create("=\"'$`\\;");

    /// <inheritdoc/>
    public override string Accepts => "names of network devices of the host, other than venet*, tun*, tap* and lo*";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remove(IReadOnlyList<string> old, IReadOnlyList<string> removed)
        => removed.Contains(AddressRemovalKind.All) ? [] : [.. old.Where(name => !removed.Contains(name))];

    /// <inheritdoc/>
    protected override string? TryEntry(string text, out string canonical)
    {
        canonical = text;
        if (!InterfaceName.TryParse(text, out _) || text.AsSpan().ContainsAny(s_special))
            return "not the name of a network device";
        return Array.Find(s_refused, stem => text.StartsWith(stem, StringComparison.Ordinal)) is { } found
            ? $"devices whose names begin with {found} are not handed over"
            : null;
    }
}
