using System.Text.Json;
using System.Text.Json.Serialization;

namespace Insula.Engine.Host;

/// <summary>One line of <c>insula check</c>.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it is there.</param>
/// <param name="Need">How much depends on it.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Cost">What its absence or limit costs; null if it is there.</param>
public sealed record HostReportItem(string Group, string Name, FeatureState State, FeatureNeed Need, string Detail, string? Cost)
{
    internal static HostReportItem Of(HostFeature feature, FeatureFinding finding) => new(
        feature.Group, feature.Name, finding.State, feature.Need, finding.Detail, finding.State == FeatureState.Yes ? null : feature.Cost);
}

/// <summary>Everything that <c>insula check</c> found.</summary>
/// <param name="Kernel">The kernel's release, as uname -r gives it.</param>
/// <param name="Items">The findings, group by group.</param>
public sealed record HostReport(string Kernel, IReadOnlyList<HostReportItem> Items)
{
    /// <summary>True if nothing that is required is missing.</summary>
    public bool IsUsable
    {
        get
        {
            foreach (var item in Items)
            {
                if (item is { Need: FeatureNeed.Required, State: FeatureState.No })
                    return false;
            }
            return true;
        }
    }

    /// <summary>What the command exits with: 5 if something required is missing.</summary>
    [JsonIgnore]
    public ExitCode ExitCode => IsUsable ? ExitCode.Ok : ExitCode.BadKernel;

    /// <summary>The report as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, HostReportJson.Default.HostReport);

    /// <summary>The report as lines of text.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"Kernel {Kernel}";
        var group = "";
        foreach (var item in Items)
        {
            if (item.Group != group)
            {
                yield return "";
                yield return item.Group;
            }
            group = item.Group;
            yield return $"  {Word(item),-8} {item.Name,-28} {item.Detail}".TrimEnd();
            if (item.Cost != null)
                yield return $"           {Weight(item.Need)}: {item.Cost}";
        }
        yield return "";
        yield return IsUsable ? "This host can run containers." : "This host cannot run containers: something required is missing.";
    }

    private static string Word(HostReportItem item) => item.State switch
    {
        FeatureState.Yes => "yes",
        FeatureState.Limited => "limited",
        _ => item.Need == FeatureNeed.Required ? "MISSING" : "no",
    };

    private static string Weight(FeatureNeed need) => need switch
    {
        FeatureNeed.Required => "required",
        FeatureNeed.Recommended => "recommended",
        _ => "optional",
    };
}

/// <summary>Source-generated serialisation, which needs no reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HostReport))]
internal sealed partial class HostReportJson : JsonSerializerContext;
