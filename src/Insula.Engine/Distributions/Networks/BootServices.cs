namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// Which services a container starts when it boots, by the links that <c>systemctl enable</c>, <c>rc-update</c>, <c>update-rc.d</c> and
/// <c>chkconfig</c> make. Their targets are absolute and need not exist for a link to count.
/// </summary>
internal static class BootServices
{
    private const string Units = "etc/systemd/system";

    private static readonly string[] s_targets =
    [
        $"{Units}/multi-user.target.wants", $"{Units}/network-online.target.wants", $"{Units}/network.target.wants", $"{Units}/sysinit.target.wants",
        $"{Units}/default.target.wants", "usr/lib/systemd/system/multi-user.target.wants",
    ];

    private static readonly string[] s_runLevels = ["etc/runlevels/sysinit", "etc/runlevels/boot", "etc/runlevels/default"];

    private static readonly string[] s_sequences = ["etc/rcS.d", "etc/rc2.d", "etc/rc3.d", "etc/rc.d/rc3.d", "etc/rc5.d", "etc/rc.d/rc5.d"];

    /// <summary>True if the service is started at boot by systemd, OpenRC or System V init, and not masked.</summary>
    public static bool Starts(ContainerFiles files, string service)
    {
        if (files.ReadLink($"{Units}/{service}.service") == "/dev/null")
            return false;
        foreach (var target in s_targets)
        {
            if (files.EntryExists($"{target}/{service}.service"))
                return true;
        }
        foreach (var level in s_runLevels)
        {
            if (files.EntryExists($"{level}/{service}"))
                return true;
        }
        foreach (var sequence in s_sequences)
        {
            foreach (var name in files.List(sequence))
            {
                // "S12networking"
                if (name.Length == service.Length + 3 && name[0] == 'S' && name.EndsWith(service, StringComparison.Ordinal))
                    return true;
            }
        }
        return false;
    }

    /// <summary>True if a unit's alias is enabled and leads to the service: <c>network.service -> /usr/lib/systemd/system/wicked.service</c>.</summary>
    public static bool IsAlias(ContainerFiles files, string alias, string service)
        => files.ReadLink($"{Units}/{alias}.service") is { } target && Path.GetFileName(target) == $"{service}.service";

    /// <summary>True if the service's unit or its program is there.</summary>
    public static bool HasProgram(ContainerFiles files, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (files.Exists(path))
                return true;
        }
        return false;
    }
}
