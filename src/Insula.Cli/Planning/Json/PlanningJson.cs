using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Insula.Cli.Planning.Json;

/// <summary>
/// The JSON of the planning tools, without reflection. Shares are in percent; null where there is nothing to say, "Infinity" where nothing bounds
/// it. Amounts are numbers, 9223372036854775807 standing for unlimited as in the configuration.
/// </summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SharesJson))]
[JsonSerializable(typeof(MemCheckJson))]
[JsonSerializable(typeof(CpuCheckJson))]
[JsonSerializable(typeof(ValidationJson))]
[JsonSerializable(typeof(SplitJson))]
[JsonSerializable(typeof(ScaleJson))]
[JsonSerializable(typeof(OversellJson))]
internal sealed partial class PlanningJson : JsonSerializerContext
{
    /// <summary>Writes a value and a newline.</summary>
    public static void Write<T>(TextWriter output, T value)
    {
        // ">" in a message is to be read as one.
        var readable = new PlanningJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        output.WriteLine(JsonSerializer.Serialize(value, (JsonTypeInfo<T>)readable.GetTypeInfo(typeof(T))!));
    }

    /// <summary>A fraction as percent, to four decimals.</summary>
    public static double? Percent(double? fraction) => fraction is { } value ? Math.Round(value * 100, 4) : null;
}
