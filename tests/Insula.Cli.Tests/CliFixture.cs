using Insula.Engine;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Beancounters.Shared;
using Insula.Engine.Boot;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Network.Traffic;
using Insula.Engine.Parameters;
using Insula.Engine.Planning;
using Insula.Engine.Quotas;

namespace Insula.Cli.Tests;

/// <summary>A host in a directory of its own, on which the programs run inside the test's process.</summary>
internal sealed class CliFixture : IEngineSource, IContainerUsage, IBeancounterReader, IDisposable
{
    private const string MountInfo = "35 30 0:31 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("insula-cli-").FullName;

    public CliFixture()
    {
        Directory.CreateDirectory(ConfDirectory);
        Directory.CreateDirectory(Path.Combine(_directory, "names"));
        WriteGlobal("");
    }

    public FakeEngine Engine { get; } = new();

    public FakeTraffic Traffic { get; } = new();

    public bool IsRoot { get; set; } = true;

    public bool IsTerminal { get; set; }

    public string Input { get; set; } = "";

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string CommandLine { get; set; } = "";

    /// <summary>The accounts of the host and of the containers that run.</summary>
    public IReadOnlyList<Beancounter> Beancounters { get; set; } = [];

    public List<CpuNode> CpuNodes { get; } = [new CpuNode(Ctid.Host, 1000)];

    /// <summary>8 GiB of RAM, 4 GiB of swap, two processors.</summary>
    public HostResources Resources { get; set; } = new(8L << 30, 4L << 30, 8L << 30, 65536, 8384.08m);

    public long? DiskKiB { get; set; } = 100L << 20;

    /// <summary>A path below conf/.</summary>
    public string this[string name] => Path.Combine(ConfDirectory, name);

    /// <summary>How often the kernel was asked what a container uses.</summary>
    public int UsageReads { get; private set; }

    public string LogFile => Path.Combine(_directory, "vzctl.log");

    public string RunDirectory => Path.Combine(_directory, "run");

    public string Root => Path.Combine(_directory, "root");

    private string ConfDirectory => Path.Combine(_directory, "conf");

    /// <summary>Writes vz.conf with paths below the test's directory.</summary>
    public void WriteGlobal(string more) => File.WriteAllText(
        Path.Combine(_directory, "vz.conf"),
        $"""
        LOCKDIR="{_directory}/lock"
        TEMPLATE="{_directory}/template"
        VE_ROOT="{Root}/$VEID"
        VE_PRIVATE="{_directory}/private/$VEID"
        RUNDIR="{RunDirectory}"
        LOGFILE="{LogFile}"
        {more}

        """);

    public void RemoveGlobal() => File.Delete(Path.Combine(_directory, "vz.conf"));

    /// <summary>Writes a container's configuration and the link of its name.</summary>
    public void WriteContainer(int ctid, string text, string? name = null)
    {
        var path = Path.Combine(ConfDirectory, $"{ctid}.conf");
        File.WriteAllText(path, name is null ? text : $"{text}\nNAME=\"{name}\"\n");
        if (name is not null)
            File.CreateSymbolicLink(Path.Combine(_directory, "names", name), path);
    }

    /// <summary>The container as the engine's own writer stores it.</summary>
    public void SaveContainer(int ctid, Action<ConfigFile> change)
    {
        var path = Path.Combine(ConfDirectory, $"{ctid}.conf");
        var file = new ConfigFile(path);
        change(file);
        file.Save(path);
    }

    /// <summary>Makes a container look started: its init is this test's own process.</summary>
    public void MarkRunning(int ctid)
    {
        var directory = Directory.CreateDirectory(Path.Combine(RunDirectory, $"{ctid}")).FullName;
        var start = Linux.Processes.ProcessStatus.TryReadStartTime(Environment.ProcessId);
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        File.WriteAllText(Path.Combine(directory, "init"), $"{Environment.ProcessId} {start} {boot}\n");
    }

    /// <summary>Runs a program: Run("vzctl", "status", "101").</summary>
    /// <returns>The exit code.</returns>
    public int Run(string program, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Output = output,
            Error = error,
            Input = () => new StringReader(Input),
            IsRoot = IsRoot,
            IsTerminal = IsTerminal,
            ConfigDirectory = _directory,
            Engines = this,
            Resources = () => Resources,
            DiskKiB = _ => DiskKiB,
            Now = () => new DateTimeOffset(2026, 11, 22, 23, 44, 41, TimeSpan.FromHours(1)),
            CommandLine = () => System.Text.Encoding.Latin1.GetBytes(CommandLine),
        };
        var code = MultiCall.Run(program, arguments, host);
        Output = output.ToString();
        Error = error.ToString();
        return code;
    }

    public IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options)
    {
        Engine.Reporter = reporter;
        Engine.Options = options;
        return Engine;
    }

    public HostBoot OpenBoot(GlobalConfig global, IReporter reporter) => new(new EngineContext(global, reporter));

    public ContainerListing OpenListing(GlobalConfig global)
    {
        var store = new ContainerStore(global);
        return new ContainerListing(store, new RuntimeState(store.Layout, _ => [], _ => true), this);
    }

    public SharedMemory SharedMemory { get; set; } = new([], 0, 0);

    public SharedMemory ReadSharedMemory(GlobalConfig global) => SharedMemory;

    public IReadOnlyList<CpuNode> ReadCpuNodes(GlobalConfig global) => CpuNodes;

    /// <summary>What vzquota and its kin are answered.</summary>
    public FakeQuotas Quotas { get; } = new();

    public IQuotaEngine OpenQuotas(GlobalConfig global, IReporter reporter) => Quotas;

    public ITrafficEngine OpenTraffic(GlobalConfig global, IReporter reporter) => Traffic;

    public ResourceUsage ReadResource(Ctid ctid, ParameterDeclaration resource)
    {
        UsageReads++;
        return resource.Key switch
        {
            "NUMPROC" => new ResourceUsage(23, 40, 1),
            "PHYSPAGES" => new ResourceUsage(5000, 6000, 0),
            _ => default,
        };
    }

    public BarrierLimit? ReadBounds(Ctid ctid, ParameterDeclaration resource) => null;

    public IBeancounterReader OpenBeancounters(GlobalConfig global) => this;

    public BeancounterMechanisms OpenMechanisms(GlobalConfig global)
        => new(Linux.Cgroups.CgroupWorld.Parse(MountInfo, "", _ => "cpuset cpu io memory pids"), swapAccounted: true, mayProtect: true, new NoBpfAccounting("this is a test"));

    public Beancounter? Read(Ctid ctid) => ReadAll().FirstOrDefault(beancounter => beancounter.Ctid == ctid);

    public IReadOnlyList<Beancounter> ReadAll() => Beancounters;

    public LoadAverage? ReadLoadAverage(Ctid ctid) => new LoadAverage(0.25, 0.1, 0.05);

    public DiskUsage? ReadDisk(Ctid ctid) => new DiskUsage(1234, 56);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
