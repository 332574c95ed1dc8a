using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Planning.Validation;

/// <summary>Checks a configuration, and repairs it if the caller wants that: what vzcfgvalidate does.</summary>
/// <param name="config">The configuration; repairs are written into its file's lines, and saving is the caller's.</param>
/// <param name="host">The host that it is for.</param>
public sealed class ConfigValidation(ContainerConfig config, HostResources host)
{
    private readonly YesNoKind _yesNo = new();

    /// <summary>True to check it as a vswap configuration, false as one by beancounters; null: as what it is.</summary>
    public bool? Vswap { get; init; }

    /// <summary>Checks.</summary>
    /// <param name="repair">
    /// Told of each finding as it is found; true: make it right. Later rules see what was made right. Asked also of those that cannot be repaired, for which
    /// the answer does not matter.
    /// </param>
    public ValidationResult Run(Func<Finding, bool> repair)
    {
        var findings = new List<Finding>();
        var repaired = new List<Finding>();
        var bounds = new BoundsInHand(config);
        foreach (var finding in Find(bounds))
        {
            findings.Add(finding);
            if (!repair(finding) || finding.Repair is not { } right)
                continue;
            bounds[right.Parameter] = right.Value;
            config.Set(right.Parameter, right.Value);
            repaired.Add(finding);
        }
        return new ValidationResult(findings, repaired);
    }

    private IEnumerable<Finding> Find(BoundsInHand bounds)
    {
        foreach (var warning in config.File.Warnings)
            yield return new Finding(FindingSeverity.Recommendation, warning.ToString());
        foreach (var bad in config.BadValues())
            yield return new Finding(FindingSeverity.Error, bad.Text);
        var vswap = Vswap ?? VswapRules.IsVswap(bounds.Has(BeancounterParameters.PhysPages) ? bounds[BeancounterParameters.PhysPages] : null);
        foreach (var missing in Missing(vswap, bounds))
            yield return new Finding(FindingSeverity.Error, $"{ConsistencyRule.NameOf(missing)} is not set");
        foreach (var rule in vswap ? ConsistencyRules.Vswap(host) : ConsistencyRules.Classic)
        {
            if (rule.Find(bounds) is { } finding)
                yield return finding;
        }
        foreach (var rule in QuotaIsOn ? ConsistencyRules.Disk : [])
        {
            if (rule.Find(bounds) is { } finding)
                yield return finding;
        }
    }

    // What a start refuses with exit code 28; a bad value has been told of as such.
    private IEnumerable<ParameterDeclaration<BarrierLimit>> Missing(bool vswap, BoundsInHand bounds)
    {
        IEnumerable<ParameterDeclaration<BarrierLimit>> required = vswap
            ? [BeancounterParameters.PhysPages, BeancounterParameters.SwapPages]
            : BeancounterParameters.Resources.Where(resource => resource != BeancounterParameters.SwapPages);
        return required.Where(parameter => !bounds.Has(parameter) && !config.IsSet(parameter));
    }

    // Quotas are on unless a file says otherwise.
    private bool QuotaIsOn
    {
        get
        {
            var text = config.RawText("DISK_QUOTA");
            return text is null || _yesNo.TryParse(text, ParseContext.Default, out var on) is not null || on;
        }
    }
}
