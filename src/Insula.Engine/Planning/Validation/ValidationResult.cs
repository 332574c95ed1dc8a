namespace Insula.Engine.Planning.Validation;

/// <summary>What came out of checking a configuration.</summary>
/// <param name="Findings">All that was found.</param>
/// <param name="Repaired">Those of them that were made right.</param>
public sealed record ValidationResult(IReadOnlyList<Finding> Findings, IReadOnlyList<Finding> Repaired)
{
    /// <summary>True if no error and no warning is left.</summary>
    public bool IsValid => Findings.All(finding => finding.Severity == FindingSeverity.Recommendation || Repaired.Contains(finding));
}
