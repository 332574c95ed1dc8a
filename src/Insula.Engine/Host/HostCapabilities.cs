namespace Insula.Engine.Host;

/// <summary>
/// What this host offers. Nothing is looked at before it is asked for, and nothing twice: a command that wants to know one thing pays
/// for one.
/// </summary>
/// <param name="view">The host.</param>
public sealed class HostCapabilities(IHostView view)
{
    private readonly Dictionary<string, FeatureFinding> _findings = [];

    /// <summary>The capabilities of the host this process runs on.</summary>
    public HostCapabilities()
        : this(new HostView())
    {
    }

    /// <summary>What is found of a feature.</summary>
    public FeatureFinding this[HostFeature feature]
    {
        get
        {
            if (!_findings.TryGetValue(feature.Name, out var finding))
                _findings[feature.Name] = finding = feature.Look(view);
            return finding;
        }
    }

    /// <summary>True if a feature is there, be it limited.</summary>
    public bool Has(HostFeature feature) => this[feature].State != FeatureState.No;

    /// <summary>Looks at everything: for <c>insula check</c>.</summary>
    /// <param name="layout">Where Insula keeps its things, to see whether they are prepared.</param>
    public HostReport Report(HostLayout layout)
    {
        var items = new List<HostReportItem>();
        foreach (var feature in HostFeatures.All)
            items.Add(HostReportItem.Of(feature, this[feature]));
        foreach (var feature in DataFeatures.Of(layout))
            items.Add(HostReportItem.Of(feature, this[feature]));
        foreach (var feature in PreparationFeatures.Of(layout))
            items.Add(HostReportItem.Of(feature, this[feature]));
        return new HostReport(view.Read("/proc/sys/kernel/osrelease") ?? "unknown", items);
    }
}
