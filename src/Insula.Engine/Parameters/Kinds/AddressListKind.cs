using Insula.Engine.Network;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// IP_ADDRESS: addresses with or without a mask, separated by blanks: <c>192.0.2.5 2001:db8::5/64</c>. <c>0.0.0.0</c> stands
/// for no address (OpenVZ's samples). Each is what <see cref="IpPrefix"/> takes and is stored as it prints.
/// </summary>
public sealed class AddressListKind : TextListKind
{
    private const string None = "0.0.0.0";

    /// <inheritdoc/>
    public override string Accepts => "IPv4 and IPv6 addresses, each with or without /MASK";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadAddress;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<string> value)
    {
        var why = base.TryParse(text, context, out var entries);
        value = [.. entries.Where(entry => entry != None)];
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
        // A sample's way to say that there is none.
        if (text == None)
            return null;
        var why = IpPrefix.Read(text, out var prefix);
        if (why is null)
            canonical = prefix.ToString();
        return why;
    }
}
