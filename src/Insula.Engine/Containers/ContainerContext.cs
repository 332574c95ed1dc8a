using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Storage;
using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>One container as an operation sees it: its configuration and what follows from it.</summary>
public sealed class ContainerContext
{
    private readonly Lazy<IdMap> _ids;

    /// <param name="engine">What every operation works with.</param>
    /// <param name="config">The container's configuration.</param>
    public ContainerContext(EngineContext engine, ContainerConfig config)
    {
        Engine = engine;
        Config = config;
        _ids = new Lazy<IdMap>(ReadIds);
    }

    /// <summary>What every operation works with.</summary>
    public EngineContext Engine { get; }

    /// <summary>The container's configuration.</summary>
    public ContainerConfig Config { get; }

    /// <summary>The container's number.</summary>
    public Ctid Ctid => Config.Ctid;

    /// <summary>VE_ROOT.</summary>
    public string Root => Config.RootDirectory;

    /// <summary>VE_PRIVATE.</summary>
    public string Private => Config.PrivateDirectory;

    /// <summary>The container's id range.</summary>
    /// <exception cref="InsulaException">85: it has none, or one that is somebody else's.</exception>
    public IdMap Ids => _ids.Value;

    /// <summary>The container's cgroups.</summary>
    public ControlGroup Group => Engine.Group(Ctid);

    /// <summary>How its files are kept.</summary>
    public IStorageLayout Storage => StorageLayouts.Of(this);

    /// <summary>What storage works on.</summary>
    public StoragePaths StoragePaths => new(Private, Root, Engine.Runtime.DirectoryOf(Ctid), Ids, $"insula:{Ctid}")
    {
        UserQuota = Config.Get(DiskParameters.DiskQuota) && Config.Get(DiskParameters.QuotaUgidLimit, 0) > 0,
    };

    /// <summary>What uname(2) says inside: HOSTNAME, else the container's name if it makes a host name, else "ctN".</summary>
    public string HostName
    {
        get
        {
            if (Config.TryGet(NetworkParameters.HostName, out var name))
                return name;
            return Config.TryGet(GeneralParameters.Name, out name)
                && NetworkParameters.HostName.TypedKind.TryParse(name, ParseContext.Default, out _) is null
                    ? name
                    : $"ct{Ctid}";
        }
    }

    /// <summary>The container's running init; the caller disposes it.</summary>
    /// <exception cref="InsulaException">31: it does not run.</exception>
    public PidFd OpenInit()
        => Engine.Runtime.TryOpenInit(Ctid) ?? throw new InsulaException(ExitCode.NotRunning, "Container is not running");

    /// <summary>True while its init runs.</summary>
    public bool IsRunning => Engine.Runtime.IsRunning(Ctid);

    /// <summary>True while VE_ROOT shows its files.</summary>
    public bool IsMounted => RootMount.IsMounted(Root);

    /// <summary>Its files as the host may touch them; it must be mounted.</summary>
    public RootDirectory OpenFiles() => RootDirectory.Open(Root);

    private IdMap ReadIds()
    {
        var range = IdRangeAllocator.RangeOf(Config)
            ?? throw new InsulaException(
                ExitCode.InvalidConfig, $"CT {Ctid} has no id range (LOCAL_UID, LOCAL_GID) in {Config.File.Name}",
                "vzctl start and vzctl mount give it one");
        return new IdMap(range.FirstUid, range.FirstGid, IdRange.Size);
    }
}
