using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Containers.Listing;

/// <summary>One container of a list; what is not asked for is not read.</summary>
public sealed class ListedContainer
{
    private readonly ContainerListing _listing;
    private ContainerConfig? _config;
    private bool? _running;
    private ContainerState? _state;

    internal ListedContainer(Ctid ctid, ContainerListing listing)
    {
        Ctid = ctid;
        _listing = listing;
    }

    /// <summary>Its number.</summary>
    public Ctid Ctid { get; }

    /// <summary>Its configuration; empty when it cannot be read.</summary>
    public ContainerConfig Config => _config ??= _listing.Load(Ctid);

    /// <summary>True while its init runs.</summary>
    public bool IsRunning => _running ??= _listing.IsRunning(Ctid);

    /// <summary>Its state in one word.</summary>
    public ContainerState State => _state ??= FindState();

    /// <summary>Its name, or null.</summary>
    public string? Name => Text(GeneralParameters.Name);

    /// <summary>Its host name, or null.</summary>
    public string? HostName => Text(NetworkParameters.HostName);

    /// <summary>Its description, or null.</summary>
    public string? Description => Text(GeneralParameters.Description);

    /// <summary>Seconds since its init started; null when it does not run.</summary>
    public double? UptimeSeconds => IsRunning ? _listing.Uptime(Ctid) : null;

    /// <summary>Its load average; null when it does not run or nothing measures it.</summary>
    public LoadAverage? LoadAverage => IsRunning ? _listing.Usage.ReadLoadAverage(Ctid) : null;

    /// <summary>What it uses of its disk; null when nothing counts it.</summary>
    public DiskUsage? Disk => _listing.Usage.ReadDisk(Ctid);

    /// <summary>What it uses of a beancounter; null when it does not run.</summary>
    public ResourceUsage? Usage(ParameterDeclaration resource) => IsRunning ? _listing.Usage.ReadResource(Ctid, resource) : null;

    /// <summary>Barrier and limit of a beancounter: those in force while it runs, else those of its configuration; null when there are none.</summary>
    public BarrierLimit? Bounds(ParameterDeclaration<BarrierLimit> resource)
        => (IsRunning ? _listing.Usage.ReadBounds(Ctid, resource) : null) ?? (Config.TryPeek(resource, out var bounds) ? bounds : null);

    /// <summary>The value in force of a parameter that is a line of text; null when there is none or a bad one.</summary>
    public string? Text(ParameterDeclaration<string> parameter) => Config.TryPeek(parameter, out var text) ? text : null;

    /// <summary>VE_ROOT or VE_PRIVATE with the number put in; null when not set.</summary>
    public string? PathOf(ParameterDeclaration<string> parameter) => Text(parameter) is { } pattern ? VeidPattern.Expand(pattern, Ctid) : null;

    private ContainerState FindState()
    {
        if (IsRunning)
            return ContainerState.Running;
        return PathOf(GeneralParameters.Root) is { } root && _listing.IsMounted(root) ? ContainerState.Mounted : ContainerState.Stopped;
    }
}
