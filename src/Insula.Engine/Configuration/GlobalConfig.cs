using Insula.Engine.Host;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Configuration;

/// <summary>
/// vz.conf: where things are on this host, how the tools behave, and defaults for all containers. A bad value is reported
/// once in <see cref="Warnings"/> and the default counts, so that a slip in this file does not stop every command.
/// </summary>
public sealed class GlobalConfig
{
    private readonly List<ConfigWarning> _warnings = [];

    private GlobalConfig(ConfigFile file, string directory)
    {
        File = file;
        _warnings.AddRange(file.Warnings);
        if (file.Contains("NETFILTER"))
            Warn("NETFILTER should not be set in vz.conf, ignoring");
        var fallback = HostLayout.Default;
        Layout = new HostLayout(
            directory,
            PathOf("LOCKDIR", fallback.LockDirectory),
            PathOf("TEMPLATE", fallback.TemplateDirectory),
            PathOf("VE_ROOT", fallback.RootPattern),
            PathOf("VE_PRIVATE", fallback.PrivatePattern),
            PathOf("RUNDIR", fallback.RunDirectory),
            CgroupName(fallback.CgroupName),
            PathOf("LOGFILE", fallback.LogFile));
        SampleName = NameOf("CONFIGFILE", "vswap-512m");
        DefaultTemplate = NameOf("DEF_OSTEMPLATE", "debian-13");
        HostCpuUnits = Number("VE0CPUUNITS", 1000, Parameters.Catalog.CpuParameters.CpuUnits.TypedKind);
        Logging = Switch("LOGGING", true);
        LogLevel = (int)Number("LOG_LEVEL", 0, new IntegerKind(0, 10));
        Verbose = (int)Number("VERBOSE", 0, new IntegerKind(0, 10));
        Enabled = Switch("VIRTUOZZO", true);
        ForceRoute = Switch("FORCE_ROUTE", false);
        Ipv6 = Switch("IPV6", true);
        SkipArpDetect = Switch("SKIP_ARPDETECT", false);
        ErrorOnArpFail = Switch("ERROR_ON_ARPFAIL", false);
        SuspendAtShutdown = Value("VE_STOP_MODE", "stop", new ChoiceKind("suspend", "stop")) == "suspend";
        ParallelStarts = (int)Number("VE_PARALLEL", 4 * Environment.ProcessorCount, new IntegerKind(1, 4096));
    }

    /// <summary>The text, for defaults of container parameters and for keys that only their user knows.</summary>
    public ConfigFile File { get; }

    /// <summary>Where things are.</summary>
    public HostLayout Layout { get; }

    /// <summary>CONFIGFILE: the sample for new containers, ve-NAME.conf-sample.</summary>
    public string SampleName { get; }

    /// <summary>DEF_OSTEMPLATE: the template for new containers.</summary>
    public string DefaultTemplate { get; }

    /// <summary>VE0CPUUNITS: CPU weight of the host's own processes.</summary>
    public long HostCpuUnits { get; }

    /// <summary>LOGGING: whether LOGFILE is written.</summary>
    public bool Logging { get; }

    /// <summary>LOG_LEVEL: how much goes to LOGFILE.</summary>
    public int LogLevel { get; }

    /// <summary>VERBOSE: how much goes to the terminal.</summary>
    public int Verbose { get; }

    /// <summary>VIRTUOZZO: whether the boot script does anything.</summary>
    public bool Enabled { get; }

    /// <summary>FORCE_ROUTE: replace a route that is already there.</summary>
    public bool ForceRoute { get; }

    /// <summary>IPV6: whether containers have it.</summary>
    public bool Ipv6 { get; }

    /// <summary>SKIP_ARPDETECT: do not ask the network whether an address is taken.</summary>
    public bool SkipArpDetect { get; }

    /// <summary>ERROR_ON_ARPFAIL: an address that is taken is an error, not a warning.</summary>
    public bool ErrorOnArpFail { get; }

    /// <summary>VE_STOP_MODE=suspend: containers are to be suspended when the host shuts down, not stopped.</summary>
    public bool SuspendAtShutdown { get; }

    /// <summary>VE_PARALLEL: containers started or stopped at a time with the host.</summary>
    public int ParallelStarts { get; }

    /// <summary>QUOTADIR: where it is noted what containers use of their disk quotas.</summary>
    public string QuotaDirectory => PathOf("QUOTADIR", "/var/vzquota");

    /// <summary>VEIPDUMPDIR: where a file for each running container has its venet addresses, for programs that read them.</summary>
    public string AddressDirectory => PathOf("VEIPDUMPDIR", "/var/lib/vzctl/veip");

    /// <summary>SCRIPT_TIMEOUT: how many seconds an administrator's script for a distribution may take in a container.</summary>
    public int ScriptTimeout => (int)Number("SCRIPT_TIMEOUT", 300, new IntegerKind(1, 86400));

    /// <summary>NEIGHBOUR_DEVS: <c>all</c>, <c>detect</c> or <c>list:eth0 eth1</c>: where addresses are announced.</summary>
    public string NeighbourDevices => File.Get("NEIGHBOUR_DEVS") is { Length: > 0 } text ? text : "all";

    /// <summary>VE_ROUTE_SRC_DEV: the device whose address containers see the host under, or null.</summary>
    public string? RouteSourceDevice => File.Get("VE_ROUTE_SRC_DEV") is { Length: > 0 } text ? text : null;

    /// <summary>BRIDGES: bridges that are made when a container needs them: <c>name=br0,uplink=eth1,address=10.0.0.1/24;name=br1</c>.</summary>
    public string Bridges => File.Get("BRIDGES") ?? "";

    /// <summary>NAT: networks of containers that the host hides: <c>net=10.0.0.0/16,uplink=eth0,to=192.0.2.1;net=fd00::/64</c>.</summary>
    public string Nat => File.Get("NAT") ?? "";

    /// <summary>VENET_DEVICE: <c>auto</c>, <c>netkit</c> or <c>veth</c>.</summary>
    public Network.VenetDevice VenetDevice => Value("VENET_DEVICE", "auto", new ChoiceKind("auto", "netkit", "veth")) switch
    {
        "netkit" => Network.VenetDevice.Netkit,
        "veth" => Network.VenetDevice.Veth,
        _ => Network.VenetDevice.Auto,
    };

    /// <summary>VIRTUAL_PROC: whether containers get a /proc of their own from insulad, if that is installed; yes without it.</summary>
    public bool VirtualProc => Switch("VIRTUAL_PROC", true);

    /// <summary>UBC_PROGRAMS: whether programs of ours in the kernel count and refuse what nothing else there can; yes without it.</summary>
    public bool UbcPrograms => Switch("UBC_PROGRAMS", true);

    /// <summary>TRAFFIC_ACCOUNTING: <c>yes</c>, <c>links</c> or <c>no</c>: how traffic of containers is counted.</summary>
    public Network.Traffic.TrafficMode TrafficMode => Value("TRAFFIC_ACCOUNTING", "yes", new ChoiceKind("yes", "links", "no")) switch
    {
        "links" => Network.Traffic.TrafficMode.Links,
        "no" => Network.Traffic.TrafficMode.None,
        _ => Network.Traffic.TrafficMode.Programs,
    };

    /// <summary>NAMES_DOMAIN: the domain that running containers are found in by name; empty, as without it: they are not.</summary>
    public string NamesDomain => Value("NAMES_DOMAIN", "", new HostNameKind());

    /// <summary>NAMES_FILE: where the host finds the names of containers, in the format of hosts(5).</summary>
    public string NamesFile => PathOf("NAMES_FILE", "/etc/hosts");

    /// <summary>What is wrong with the file.</summary>
    public IReadOnlyList<ConfigWarning> Warnings => _warnings;

    /// <summary>Reads vz.conf of the directory that INSULA_CONFIG_DIR names, else of /etc/vz.</summary>
    /// <exception cref="InsulaException">It is missing or cannot be read (10).</exception>
    public static GlobalConfig Load()
        => Load(Environment.GetEnvironmentVariable(HostLayout.ConfigDirectoryVariable) is { Length: > 0 } directory
            ? directory
            : HostLayout.Default.ConfigDirectory);

    /// <summary>Reads vz.conf of a directory.</summary>
    /// <exception cref="InsulaException">It is missing or cannot be read (10).</exception>
    public static GlobalConfig Load(string directory)
    {
        var path = Path.Combine(Path.GetFullPath(directory), "vz.conf");
        try
        {
            return Parse(ConfigFile.Load(path));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(
                ExitCode.NoGlobalConfig,
                $"The global configuration cannot be read: {error.Message}",
                error.Errno == Errno.ENOENT ? $"Install the default vz.conf, or name its directory in {HostLayout.ConfigDirectoryVariable}" : null,
                error);
        }
        catch (InsulaException error)
        {
            throw new InsulaException(ExitCode.NoGlobalConfig, error.Message, cause: error);
        }
    }

    /// <summary>Takes the text of a vz.conf; the directory is that of the file's name.</summary>
    public static GlobalConfig Parse(ConfigFile file) => new(file, Path.GetDirectoryName(file.Name)!);

    private void Warn(string text) => _warnings.Add(new ConfigWarning(File.Name, 0, text));

    private T Value<T>(string key, T fallback, ValueKind<T> kind)
        where T : notnull
    {
        if (File.Get(key) is not { Length: > 0 } text)
            return fallback;
        if (kind.TryParse(text, ParseContext.Default, out var value) is not { } why)
            return value;
        Warn($"bad value {ValueKind.Quote(text)} for {key}: {why}; taking {fallback}");
        return fallback;
    }

    private string PathOf(string key, string fallback) => Value(key, fallback, new PathKind());

    private string NameOf(string key, string fallback) => Value(key, fallback, new FileNameKind());

    private long Number(string key, long fallback, ValueKind<long> kind) => Value(key, fallback, kind);

    private bool Switch(string key, bool fallback) => Value(key, fallback, new YesNoKind());

    /// <summary>CGROUP names a directory below each hierarchy: <c>insula</c>, <c>hosting/insula</c>, <c>hosting.slice/insula.service</c>.</summary>
    private string CgroupName(string fallback)
    {
        if (File.Get("CGROUP") is not { Length: > 0 } text)
            return fallback;
        if (CgroupTree.IsValidName(text))
            return text;
        Warn($"bad value {ValueKind.Quote(text)} for CGROUP: names of letters, digits, - and _ with slashes between, after units of systemd, are expected; it is chosen by the kind of host");
        return fallback;
    }
}
