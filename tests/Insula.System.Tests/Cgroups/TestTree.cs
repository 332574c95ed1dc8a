using Insula.Engine.Host;
using Insula.Linux.Cgroups;

namespace Insula.System.Tests.Cgroups;

/// <summary>
/// Where tests make their trees of control groups: in the place that this host gives Insula, beside real containers. On a host with
/// cgroup v2 and systemd that is the delegated unit, the one part of the hierarchy that systemd leaves alone.
/// </summary>
internal static class TestTree
{
    public static string Parent { get; } = CgroupHome.NameOn(HostLayout.Default, CgroupWorld.Detect());

    /// <summary>True where the tree is in a unit.</summary>
    public static bool IsInUnit => Parent == CgroupHome.Delegated;
}
