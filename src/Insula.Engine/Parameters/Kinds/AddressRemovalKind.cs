namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --ipdel: addresses to take away (a mask is not looked at), or <c>all</c>.</summary>
public sealed class AddressRemovalKind : ValueKind<IReadOnlyList<string>>
{
    /// <summary>Stands for every address.</summary>
    public const string All = "all";

    private static readonly AddressListKind Addresses = new();

    /// <inheritdoc/>
    public override string Accepts => "an IP address, or all";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadAddress;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<string> value)
    {
        value = [All];
        if (text == All)
            return null;
        var why = Addresses.TryParse(text, context, out value);
        return why ?? (value.Count == 0 ? "no address" : null);
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<string> value) => string.Join(' ', value);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Merge(IReadOnlyList<string> old, IReadOnlyList<string> added) => [.. old, .. added];
}
