using Insula.Linux.Cgroups;

namespace Insula.Engine.Host;

/// <summary>
/// Where the containers' groups are. systemd owns the tree of a host with cgroup v2, one writer for each directory, and gives a part of it
/// away with a unit (systemd.io/CGROUP_DELEGATION); elsewhere the tree is a directory of our own at the root of each hierarchy.
/// </summary>
public static class CgroupHome
{
    /// <summary>On hosts without systemd, or with v1 controllers.</summary>
    public const string Plain = "insula";

    /// <summary>On hosts with cgroup v2 and systemd.</summary>
    public const string Delegated = $"{ContainersUnit.Slice}/{ContainersUnit.Service}";

    // sd_booted(3).
    private const string SystemdSign = "/run/systemd/system";

    /// <summary>The name of our tree.</summary>
    /// <param name="configured">CGROUP of vz.conf, taken as it is; empty for the host's own way.</param>
    /// <param name="kind">How the host has its cgroups mounted.</param>
    /// <param name="systemdRuns">Whether systemd is the host's init.</param>
    public static string Choose(string configured, CgroupWorldKind kind, bool systemdRuns)
        => configured.Length > 0 ? configured : systemdRuns && kind == CgroupWorldKind.V2 ? Delegated : Plain;

    /// <summary>The name of our tree on this host.</summary>
    public static string NameOn(HostLayout layout, CgroupWorld world) => Choose(layout.CgroupName, world.Kind, Directory.Exists(SystemdSign));

    /// <summary>Makes sure that a unit which is to hold the tree is there, before the first group is made in it.</summary>
    /// <exception cref="InsulaException">7: it is not, and cannot be started.</exception>
    public static void Prepare(CgroupTree tree)
    {
        if (tree.UnitDirectory is not { } directory || Directory.Exists(directory))
            return;
        if (tree.UnitName == Delegated)
            new ContainersUnit(directory, new Systemctl()).Start();
        else
            throw new InsulaException(
                ExitCode.CreateEnvironment, $"The control group {directory} does not exist",
                "CGROUP in vz.conf names a unit of systemd: it must be running and have Delegate=yes");
    }
}
