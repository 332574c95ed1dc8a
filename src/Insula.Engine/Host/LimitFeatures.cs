namespace Insula.Engine.Host;

/// <summary>Whether the limits that all containers share are high enough. One line of the report each.</summary>
public static class LimitFeatures
{
    private const string Group = "shared limits";

    internal static IEnumerable<HostFeature> All
    {
        get
        {
            foreach (var limit in HostLimits.All)
            {
                var advice = limit.IsRaised ? "preparing the host raises it" : "the kernel sets it by the size of the memory, unless somebody has set it";
                yield return new HostFeature(limit.Name, Group, FeatureNeed.Recommended, $"{limit.Cost.TrimEnd('.')}; {advice}.", view => Look(view, limit));
            }
        }
    }

    // A kernel built without a feature has no limit for it.
    private static FeatureFinding Look(IHostView view, HostLimit limit)
        => HostLimits.Value(view.Read($"/proc/sys/{limit.Path}")) is not { } value ? new FeatureFinding(FeatureState.Yes, "no such limit here")
            : value >= limit.Minimum ? new FeatureFinding(FeatureState.Yes, $"{value}")
            : new FeatureFinding(FeatureState.Limited, $"{value}, at least {limit.Minimum} for some hundred containers");
}
