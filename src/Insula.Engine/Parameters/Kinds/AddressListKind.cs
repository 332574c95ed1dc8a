using System.Net;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// IP_ADDRESS: addresses with or without a mask, separated by blanks: <c>192.0.2.5 2001:db8::5/64</c>. <c>0.0.0.0</c> stands
/// for no address (OpenVZ's samples). Masks are stored as prefix lengths.
/// </summary>
public sealed class AddressListKind : TextListKind
{
    /// <inheritdoc/>
    public override string Accepts => "IPv4 and IPv6 addresses, each with or without /MASK";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadAddress;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<string> value)
    {
        var why = base.TryParse(text, context, out var entries);
        value = [.. entries.Where(entry => entry != "0.0.0.0")];
        return why;
    }

    /// <inheritdoc/>
    // An address stands once, whatever its mask: adding it again changes the mask.
    public override IReadOnlyList<string> Merge(IReadOnlyList<string> old, IReadOnlyList<string> added)
        => [.. Remove(old, added), .. added];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remove(IReadOnlyList<string> old, IReadOnlyList<string> removed)
        => removed.Contains(AddressRemovalKind.All) ? [] : [.. old.Where(entry => !removed.Any(gone => SameAddress(entry, gone)))];

    internal static bool SameAddress(string one, string other) => WithoutMask(one).SequenceEqual(WithoutMask(other));

    private static ReadOnlySpan<char> WithoutMask(string entry)
        => entry.AsSpan(0, entry.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? slash : entry.Length);

    /// <inheritdoc/>
    protected override string? TryEntry(string text, out string canonical)
    {
        canonical = text;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpText.TryAddress(slash < 0 ? text : text.AsSpan(0, slash), out var address))
            return "not an IP address";
        canonical = address.ToString();
        if (slash < 0)
            return null;
        if (!IpText.TryPrefixLength(text.AsSpan(slash + 1), address.AddressFamily, out var length))
            return "not a network mask";
        canonical = $"{canonical}/{length}";
        return Equals(address, IPAddress.Any) || Equals(address, IPAddress.IPv6Any) ? "not an address of a host" : null;
    }
}
