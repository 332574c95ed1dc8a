namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --netdev_del: names to take away, or <c>all</c>.</summary>
public sealed class NetworkDeviceRemovalKind : ValueKind<IReadOnlyList<string>>
{
    private static readonly NetworkDevicesKind s_names = new();

    /// <inheritdoc/>
    public override string Accepts => "the name of a network device, or all";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<string> value)
    {
        value = [AddressRemovalKind.All];
        if (text == AddressRemovalKind.All)
            return null;
        var why = s_names.TryParse(text, context, out value);
        return why ?? (value.Count == 0 ? "no name" : null);
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<string> value) => string.Join(' ', value);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Merge(IReadOnlyList<string> old, IReadOnlyList<string> added) => [.. old, .. added];
}
