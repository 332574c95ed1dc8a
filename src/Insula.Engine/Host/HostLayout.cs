namespace Insula.Engine.Host;

/// <summary>
/// Where everything is on this host. Read once from vz.conf (LOCKDIR, DUMPDIR, TEMPLATE, VE_ROOT, VE_PRIVATE, LOGFILE and our own
/// RUNDIR and CGROUP) and passed around, so that tests and a second installation live in directories of their own.
/// </summary>
/// <param name="ConfigDirectory">/etc/vz: vz.conf, conf/, names/, dists/. The environment variable INSULA_CONFIG_DIR names another.</param>
/// <param name="LockDirectory">LOCKDIR, /var/lib/vz/lock.</param>
/// <param name="TemplateDirectory">TEMPLATE, /var/lib/vz/template: cache/ holds the archives, layers/ the unpacked ones.</param>
/// <param name="RootPattern">VE_ROOT with $VEID not yet replaced, /var/lib/vz/root/$VEID.</param>
/// <param name="PrivatePattern">VE_PRIVATE with $VEID not yet replaced, /var/lib/vz/private/$VEID.</param>
/// <param name="RunDirectory">RUNDIR, /run/insula: what can be derived again after a reboot.</param>
/// <param name="CgroupName">CGROUP, the name of our tree in each cgroup hierarchy; empty: as <see cref="CgroupHome"/> chooses. May hold slashes.</param>
/// <param name="LogFile">LOGFILE, /var/log/vzctl.log.</param>
public sealed record HostLayout(
    string ConfigDirectory,
    string LockDirectory,
    string TemplateDirectory,
    string RootPattern,
    string PrivatePattern,
    string RunDirectory,
    string CgroupName,
    string LogFile)
{
    /// <summary>Names the directory that holds vz.conf, if not /etc/vz.</summary>
    public const string ConfigDirectoryVariable = "INSULA_CONFIG_DIR";

    /// <summary>The layout of a host whose vz.conf says nothing.</summary>
    public static HostLayout Default { get; } = new(
        "/etc/vz",
        "/var/lib/vz/lock",
        "/var/lib/vz/template",
        "/var/lib/vz/root/$VEID",
        "/var/lib/vz/private/$VEID",
        "/run/insula",
        "",
        "/var/log/vzctl.log");

    /// <summary>vz.conf.</summary>
    public string GlobalConfigFile => Path.Combine(ConfigDirectory, "vz.conf");

    /// <summary>conf/: container configurations, samples and action scripts.</summary>
    public string ContainerConfigDirectory => Path.Combine(ConfigDirectory, "conf");

    /// <summary>scripts/: what runs at events of containers, vzevent-start and its kin.</summary>
    public string ScriptsDirectory => Path.Combine(ConfigDirectory, "scripts");

    /// <summary>names/: a symbolic link per named container.</summary>
    public string NamesDirectory => Path.Combine(ConfigDirectory, "names");

    /// <summary>TEMPLATE/cache: NAME.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2.</summary>
    public string TemplateCacheDirectory => Path.Combine(TemplateDirectory, "cache");

    /// <summary>vzreboot beside TEMPLATE: which containers ran before the host went down.</summary>
    public string RebootMarkDirectory => Path.Combine(Path.GetDirectoryName(TemplateDirectory) ?? "/", "vzreboot");

    /// <summary>traffic beside TEMPLATE: what the traffic of containers has come to, a file each.</summary>
    public string TrafficDirectory => Path.Combine(Path.GetDirectoryName(TemplateDirectory) ?? "/", "traffic");

    /// <summary>TEMPLATE/layers: one directory per unpacked archive, named by content digest.</summary>
    public string LayersDirectory => Path.Combine(TemplateDirectory, "layers");
}
