using System.Text.Json;
using System.Text.Json.Serialization;

namespace Insula.Engine.Templates;

/// <summary>What layer.json beside a layer's root says about it.</summary>
public sealed record LayerInfo
{
    /// <summary>The name of the archive's file when it was unpacked.</summary>
    public required string Archive { get; init; }

    /// <summary>SHA-256 of the archive.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was unpacked.</summary>
    public required DateTimeOffset Unpacked { get; init; }

    /// <summary>Size of the archive in bytes.</summary>
    public required long ArchiveBytes { get; init; }

    /// <summary>Bytes of file data in the layer.</summary>
    public required long UnpackedBytes { get; init; }

    /// <summary>Entries of the archive.</summary>
    public required long Entries { get; init; }

    /// <summary>Device nodes that were left out.</summary>
    public long SkippedDevices { get; init; }

    /// <summary>Extended attributes that were left out.</summary>
    public long SkippedAttributes { get; init; }

    /// <summary>Entries whose owner was outside 0 to 65535 and is now 65534.</summary>
    public long RemappedOwners { get; init; }

    internal static LayerInfo? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LayerInfoJson.Default.LayerInfo);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null; // Without it the layer still works; only what is shown about it is missing.
        }
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LayerInfoJson.Default.LayerInfo);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(LayerInfo))]
internal sealed partial class LayerInfoJson : JsonSerializerContext;
