using System.Globalization;
using Insula.Engine.Beancounters;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Operations;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;
using KernelFiles = Insula.Linux.Syscalls.Files;

namespace Insula.Engine.ProcFs;

/// <summary>A running container, read from its cgroups and the host's /proc.</summary>
internal sealed class ContainerView : IContainerView
{
    private const long HundredthsPerSecond = 100;

    private readonly EngineContext _engine;
    private readonly double _startedAfterBoot;
    private readonly TickMemory _ticks = new();
    private LoadAverage _load;

    /// <param name="container">The container.</param>
    /// <param name="startedAfterBoot">When its init started, in seconds since the host's boot.</param>
    /// <param name="pidNamespace">The number of its pid namespace.</param>
    public ContainerView(ContainerContext container, double startedAfterBoot, uint pidNamespace)
    {
        // Not the container itself, whose configuration is many times as large as all this.
        _engine = container.Engine;
        Ctid = container.Ctid;
        Owner = new ContainerOwner(container.Ids.UidBase, container.Ids.GidBase);
        Group = container.Group;
        _startedAfterBoot = startedAfterBoot;
        PidNamespace = pidNamespace;
    }

    /// <inheritdoc/>
    public Ctid Ctid { get; }

    /// <summary>Whose its files are.</summary>
    public ContainerOwner Owner { get; }

    /// <summary>Its cgroups.</summary>
    public ControlGroup Group { get; }

    /// <summary>The number of its pid namespace.</summary>
    public uint PidNamespace { get; }

    /// <summary>Which start of the container this is: when its init started, in hundredths since the host's boot.</summary>
    public long Start => (long)Math.Round(_startedAfterBoot * HundredthsPerSecond);

    /// <inheritdoc/>
    public MemoryFigures Memory => MemoryReader.Read(Group.Memory, HostFigures.ParseMemory(HostFile("/proc/meminfo") ?? ""));

    /// <inheritdoc/>
    public CpuSet Processors => VisibleProcessors.Of(
        Group.CpuSet is { } cpuset ? cpuset.Cpus : CpuSet.FromKernel((HostFile("/sys/devices/system/cpu/online") ?? "0").Trim(), "cpu/online"),
        Group.Cpu?.LimitPercent ?? 0);

    /// <inheritdoc/>
    public long Uptime => Math.Max(0, (long)((SinceBoot() - _startedAfterBoot) * HundredthsPerSecond));

    /// <inheritdoc/>
    public long StartedAt => DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (Uptime / HundredthsPerSecond);

    /// <inheritdoc/>
    public ProcessorTicks Ticks
    {
        get
        {
            var processors = Processors;
            return _ticks.Next(ProcessorTicks.Of(processors, Group.ReadCpuTimes(processors), Uptime));
        }
    }

    /// <inheritdoc/>
    public (long One, long Five, long Fifteen) Load => _load.Hundredths;

    /// <summary>The averages themselves, to be kept when this process ends.</summary>
    public LoadAverage LoadAverage
    {
        get => _load;
        set => _load = value;
    }

    /// <inheritdoc/>
    public long Tasks => Group.Pids?.Current ?? Group.Processes().Count;

    /// <inheritdoc/>
    public CgroupLimit TaskLimit => Group.Pids?.Max ?? CgroupLimit.Unlimited;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceUse> Disks => Group.BlockIo?.ReadDevices() ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Addresses
        => _engine.Store.TryLoad(Ctid) is { } stored ? AppliedConfig.Load(_engine, stored).Get(NetworkParameters.Addresses, []) : [];

    /// <inheritdoc/>
    public Beancounter? Beancounters => new BeancounterReader(_engine).Read(Ctid);

    /// <summary>Takes in how many tasks are active now; every <see cref="LoadAverage.Interval"/>.</summary>
    public void AddLoad(double active) => _load.Add(active);

    /// <inheritdoc/>
    public string? HostFile(string path) => KernelFiles.TryReadText(KernelFiles.CurrentDirectory, path, out var text) == Errno.None ? text : null;

    /// <inheritdoc/>
    public string? UnifiedFile(string name)
        => Group.World.Unified is { } unified ? HostFile($"{Group.PathIn(unified)}/{name}")?.TrimEnd('\n') : null;

    // CLOCK_BOOTTIME, the first number of /proc/uptime.
    private double SinceBoot()
        => HostFile("/proc/uptime") is { } text && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank
            && double.TryParse(text.AsSpan(0, blank), CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : 0;
}
