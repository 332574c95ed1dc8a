namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>overlay</c>, <c>dir</c> (or OpenVZ's <c>simfs</c>), and <c>ploop[:mode]</c>, which is recognised but not built.</summary>
public sealed class StorageLayoutKind : ValueKind<StorageLayout>
{
    /// <inheritdoc/>
    public override string Accepts => "overlay, dir (or simfs)";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out StorageLayout value)
    {
        value = text switch
        {
            "dir" or "simfs" => StorageLayout.Directory,
            "ploop" or "ploop:expanded" or "ploop:plain" or "ploop:raw" => StorageLayout.Ploop,
            _ => StorageLayout.Overlay,
        };
        return value == StorageLayout.Overlay && text != "overlay" ? "not a layout" : null;
    }

    /// <inheritdoc/>
    public override string Format(StorageLayout value) => value switch
    {
        StorageLayout.Directory => "dir",
        StorageLayout.Ploop => "ploop",
        _ => "overlay",
    };
}
