using Insula.Engine.Planning.Validation;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzcfgvalidate --json</c> shows.</summary>
internal sealed record ValidationJson(string File, bool Valid, IReadOnlyList<FindingJson> Findings)
{
    /// <summary>From what the engine says.</summary>
    public static ValidationJson From(string file, ValidationResult result)
        => new(file, result.IsValid, [.. result.Findings.Select(finding => FindingJson.From(finding, result.Repaired.Contains(finding)))]);
}

/// <summary>Something that is wrong, and what would make it right.</summary>
internal sealed record FindingJson(string Severity, string Message, RepairJson? Repair, bool Repaired)
{
    /// <summary>From what the engine says.</summary>
    public static FindingJson From(Finding finding, bool repaired) => new(
        finding.Severity.ToString(),
        finding.Message,
        finding.Repair is { } repair ? new RepairJson(repair.Parameter.Key, repair.Value.Barrier, repair.Value.Limit) : null,
        repaired);
}

/// <summary>A key's right value.</summary>
internal sealed record RepairJson(string Key, long Barrier, long Limit);
