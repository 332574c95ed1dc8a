using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Insula.Engine.Templates;

namespace Insula.Cli.InsulaTool;

/// <summary>A template as <c>insula template list --json</c> shows it.</summary>
internal sealed record TemplateJson(string Name, string Archive, long Bytes, DateTimeOffset Modified, string? Digest, bool Unpacked, int Containers)
{
    /// <summary>From what the engine says.</summary>
    public static TemplateJson From(TemplateInfo template)
        => new(template.Name.Value, template.Path, template.Bytes, template.Modified, template.Digest?.ToString(), template.Unpacked, template.Users);
}

/// <summary>A template as <c>insula template info --json</c> shows it.</summary>
internal sealed record TemplateDetailsJson(TemplateJson Template, string Compression, LayerInfo? Layer);

/// <summary>What was dropped of a container's packets for one reason, as <c>insula net counters --json</c> shows it.</summary>
internal sealed record NetCounterJson(int Ctid, string Reason, ulong Packets, ulong Bytes);

/// <summary>Writing JSON without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<TemplateJson>))]
[JsonSerializable(typeof(TemplateDetailsJson))]
[JsonSerializable(typeof(List<NetCounterJson>))]
[JsonSerializable(typeof(List<NetAclJson>))]
[JsonSerializable(typeof(List<NetSetJson>))]
[JsonSerializable(typeof(List<NetForwardJson>))]
[JsonSerializable(typeof(List<NetNatJson>))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    /// <summary>Writes a value and a newline.</summary>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(value, type));
}
