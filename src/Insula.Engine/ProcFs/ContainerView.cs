using Insula.Engine.Containers;
using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>A running container, read from its cgroups and the host's /proc.</summary>
internal sealed class ContainerView : IContainerView
{
    private const long HundredthsPerSecond = 100;

    private readonly ControlGroup _group;
    private readonly double _startedAfterBoot;
    private LoadAverage _load;

    /// <param name="container">The container.</param>
    /// <param name="startedAfterBoot">When its init started, in seconds since the host's boot.</param>
    public ContainerView(ContainerContext container, double startedAfterBoot)
    {
        Ctid = container.Ctid;
        Owner = new ContainerOwner(container.Ids.UidBase, container.Ids.GidBase);
        _group = container.Group;
        _startedAfterBoot = startedAfterBoot;
    }

    /// <inheritdoc/>
    public Ctid Ctid { get; }

    /// <summary>Whose its files are.</summary>
    public ContainerOwner Owner { get; }

    /// <summary>Its cgroups.</summary>
    public ControlGroup Group => _group;

    /// <inheritdoc/>
    public MemoryFigures Memory => MemoryReader.Read(_group.Memory, HostFigures.ParseMemory(HostFile("/proc/meminfo") ?? ""));

    /// <inheritdoc/>
    public CpuSet Processors
        => _group.CpuSet is { } cpuset ? cpuset.Cpus : CpuSet.FromKernel((HostFile("/sys/devices/system/cpu/online") ?? "0").Trim(), "cpu/online");

    /// <inheritdoc/>
    public long Uptime => Math.Max(0, (long)((SinceBoot() - _startedAfterBoot) * HundredthsPerSecond));

    /// <inheritdoc/>
    public long StartedAt => DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (Uptime / HundredthsPerSecond);

    /// <inheritdoc/>
    public CpuTimes? Times => _group.ReadCpuTimes(Processors);

    /// <inheritdoc/>
    public (long One, long Five, long Fifteen) Load => _load.Hundredths;

    /// <inheritdoc/>
    public long Tasks => _group.Pids?.Current ?? _group.Processes().Count;

    /// <summary>Takes in how many tasks are active now; every <see cref="LoadAverage.Interval"/>.</summary>
    public void AddLoad(double active) => _load.Add(active);

    /// <inheritdoc/>
    public string? HostFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public string? UnifiedFile(string name)
        => _group.World.Unified is { } unified && File.Exists($"{_group.PathIn(unified)}/{name}")
            ? HostFile($"{_group.PathIn(unified)}/{name}")?.TrimEnd('\n')
            : null;

    // CLOCK_BOOTTIME, the first number of /proc/uptime.
    private double SinceBoot()
        => HostFile("/proc/uptime") is { } text && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank
            && double.TryParse(text.AsSpan(0, blank), System.Globalization.CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : 0;
}
