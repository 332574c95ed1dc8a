using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Network.Traffic;
using Insula.Engine.Templates;
using Insula.Engine.Watching;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Containers;

/// <summary>What every operation works with. Parts that cost something to open are opened when first used.</summary>
public sealed class EngineContext
{
    private readonly FaultInjection? _faults = FaultInjection.FromEnvironment();
    private readonly Lazy<CgroupTree> _cgroups;
    private readonly Lazy<LayerStore> _layers;

    /// <param name="global">vz.conf.</param>
    /// <param name="reporter">Where the engine says what it does.</param>
    public EngineContext(GlobalConfig global, IReporter reporter)
    {
        Global = global;
        Reporter = reporter;
        Store = new ContainerStore(global);
        _cgroups = new Lazy<CgroupTree>(OpenCgroups);
        _layers = new Lazy<LayerStore>(() => new LayerStore(Layout));
        Bpf = new BpfAccounting(Layout, global.UbcPrograms);
        Traffic = new TrafficAccounting(Layout, global.TrafficMode, reporter.Warning);
        Events = new EventJournal(Layout);
        Runtime = new RuntimeState(Layout, ctid => Group(ctid).Processes(), Insula.Linux.Processes.ProcessStatus.HasOwnCgroupNamespace);
    }

    /// <summary>vz.conf.</summary>
    public GlobalConfig Global { get; }

    /// <summary>Where things are.</summary>
    public HostLayout Layout => Global.Layout;

    /// <summary>Where to say what is done.</summary>
    public IReporter Reporter { get; }

    /// <summary>True for an operation that does not take the container's lock: --skiplock.</summary>
    public bool SkipLock { get; init; }

    /// <summary>True for an operation that does not ask on the wire whether addresses are taken: --skip_arpdetect.</summary>
    public bool SkipAddressDetection { get; set; }

    /// <summary>Cancelled when the user asks to end; long operations look at it between their steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The configured containers.</summary>
    public ContainerStore Store { get; }

    /// <summary>Which of them run.</summary>
    public RuntimeState Runtime { get; }

    /// <summary>Our tree in the cgroup hierarchies.</summary>
    public CgroupTree Cgroups => _cgroups.Value;

    /// <summary>The unpacked templates.</summary>
    public LayerStore Layers => _layers.Value;

    /// <summary>What our own programs in the kernel count and refuse.</summary>
    public IBpfAccounting Bpf { get; }

    /// <summary>What counts the containers' traffic.</summary>
    public TrafficAccounting Traffic { get; }

    /// <summary>Tells the daemon what happens, if there is one.</summary>
    public EventJournal Events { get; }

    /// <summary>A container's group, whether it exists or not.</summary>
    public ControlGroup Group(Ctid ctid) => Cgroups.Group(ctid.ToString());

    /// <summary>Makes sure that groups can be made: to be called before the first one of a container is.</summary>
    public void PrepareCgroups() => CgroupHome.Prepare(Cgroups);

    /// <summary>The undo steps of one operation; what fails on the way back is reported as an error.</summary>
    public UndoStack NewUndo() => new(Reporter.Error, _faults is { } faults ? faults.Step : null);

    private CgroupTree OpenCgroups()
    {
        var world = CgroupWorld.Detect();
        return CgroupTree.Open(world, CgroupHome.NameOn(Layout, world));
    }
}
