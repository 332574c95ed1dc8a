namespace Insula.Engine.Host;

/// <summary>What the disk that holds the containers can do for them.</summary>
internal static class DataFeatures
{
    private const string Group = "data";

    public static IEnumerable<HostFeature> Of(HostLayout layout)
    {
        var directory = DirectoryOf(layout);
        yield return new HostFeature(
            "disk weights", Group, FeatureNeed.Optional, "IOPRIO weighs nothing for containers there. A scheduler that knows weights is set with: insula check --fix DEVICE.",
            view => view.LookAtData(directory) is var data && data.WeighedBy is { } by
                ? new FeatureFinding(FeatureState.Yes, by)
                : new FeatureFinding(FeatureState.No, data.WhyNoWeights ?? ""));
        yield return new HostFeature(
            "disk limits", Group, FeatureNeed.Optional, "IOLIMIT and IOPSLIMIT are not enforced for containers there.",
            view => view.LookAtData(directory) is var data && data.WhyNoLimits is { } why
                ? new FeatureFinding(FeatureState.No, why)
                : new FeatureFinding(FeatureState.Yes, data.Devices));
        yield return Quota(directory);
    }

    private static HostFeature Quota(string directory) => new(
        "disk quota of containers", Group, FeatureNeed.Recommended,
        "DISKSPACE and DISKINODES are enforced only for containers of layout image.",
        view => view.LookAtData(directory) is var data && data.Quota is { } mechanism
            ? new FeatureFinding(FeatureState.Yes, $"{mechanism} on {data.FileSystem}")
            : new FeatureFinding(FeatureState.No, data.WhyNoQuota ?? ""));

    /// <summary>The directory that holds the private areas of all containers, or the nearest one above it that is there.</summary>
    internal static string DirectoryOf(HostLayout layout)
    {
        var variable = layout.PrivatePattern.IndexOf('$', StringComparison.Ordinal);
        var path = variable < 0 ? layout.PrivatePattern : layout.PrivatePattern[..variable].TrimEnd('/');
        while (path.Length > 1 && !Directory.Exists(path))
            path = Path.GetDirectoryName(path) ?? "/";
        return path.Length == 0 ? "/" : path;
    }
}
