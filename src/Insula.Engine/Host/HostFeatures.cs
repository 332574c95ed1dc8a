namespace Insula.Engine.Host;

/// <summary>Every feature of a host that Insula can use, in the order of the report.</summary>
public static class HostFeatures
{
    /// <summary>All of them.</summary>
    public static IEnumerable<HostFeature> All =>
    [
        .. KernelFeatures.All,
        .. CgroupFeatures.All,
        .. IsolationFeatures.All,
        .. StorageFeatures.All,
        .. NetworkFeatures.All,
        .. AccountingFeatures.All,
        .. CheckpointFeatures.All,
        .. LimitFeatures.All,
    ];
}
