namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>overlay</c>, <c>dir</c> (or OpenVZ's <c>simfs</c>), and <c>image</c> (or OpenVZ's <c>ploop[:mode]</c>, whatever the mode).</summary>
public sealed class StorageLayoutKind : ValueKind<StorageLayout>
{
    /// <inheritdoc/>
    public override string Accepts => "overlay, dir (or simfs), image (or ploop)";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out StorageLayout value)
    {
        value = text switch
        {
            "dir" or "simfs" => StorageLayout.Directory,
            "image" or "ploop" or "ploop:expanded" or "ploop:plain" or "ploop:raw" => StorageLayout.Image,
            _ => StorageLayout.Overlay,
        };
        return value == StorageLayout.Overlay && text != "overlay" ? "not a layout" : null;
    }

    /// <inheritdoc/>
    public override string Format(StorageLayout value) => value switch
    {
        StorageLayout.Directory => "dir",
        StorageLayout.Image => "image",
        _ => "overlay",
    };
}
